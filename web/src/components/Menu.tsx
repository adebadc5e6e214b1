// A button that opens a list of actions.

import * as Dropdown from "@radix-ui/react-dropdown-menu";
import type { ReactNode } from "react";

export interface Action {
  label: string;
  run: () => void;
  danger?: boolean;
  disabled?: boolean;
  /** A line before it. */
  apart?: boolean;
}

export function Menu({
  trigger,
  actions,
  align = "end",
}: {
  trigger: ReactNode;
  actions: Action[];
  align?: "start" | "end";
}) {
  return (
    // Not modal: the page behind may scroll, and keeps its scroll bar.
    <Dropdown.Root modal={false}>
      <Dropdown.Trigger asChild>{trigger}</Dropdown.Trigger>
      <Dropdown.Portal>
        <Dropdown.Content className="menu" align={align} sideOffset={4} collisionPadding={8}>
          {actions.map((action) => (
            <div key={action.label}>
              {action.apart && <Dropdown.Separator className="menu-line" />}
              <Dropdown.Item
                className={`menu-item ${action.danger ? "danger" : ""}`}
                disabled={action.disabled}
                onSelect={action.run}
              >
                {action.label}
              </Dropdown.Item>
            </div>
          ))}
        </Dropdown.Content>
      </Dropdown.Portal>
    </Dropdown.Root>
  );
}
