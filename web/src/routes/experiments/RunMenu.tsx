// What can be done with one run of the table: its colour, whether it is drawn, where it stands, what it is compared with.

import * as Dropdown from "@radix-ui/react-dropdown-menu";
import { ALL_COLORS, seriesColor } from "../../lib/colors.ts";
import type { RunRow } from "../../lib/columns.ts";

export interface OpenMenu {
  run: RunRow;
  button: HTMLElement;
}

interface Props {
  open: OpenMenu;
  close: () => void;
  hidden: boolean;
  pinned: boolean;
  base: boolean;
  color: number | undefined;
  hide: (id: string) => void;
  pin: (id: string) => void;
  setBase: (id: string | undefined) => void;
  setColor: (id: string, color: number) => void;
  copy: (id: string) => void;
}

export const menuLabel = (run: RunRow): string => `Actions on ${run.name || run.id.slice(0, 12)}`;

/** One for the whole table: a menu in each line would make scrolling slow. */
export function RunMenu(props: Props) {
  const { open, close, hidden, pinned, base, color, hide, pin, setBase, setColor, copy } = props;
  const { id } = open.run;
  const label = menuLabel(open.run);
  const place = open.button.getBoundingClientRect();
  const item = (label: string, run: () => void) => (
    <Dropdown.Item className="menu-item" onSelect={run}>
      {label}
    </Dropdown.Item>
  );
  return (
    <Dropdown.Root open modal={false} onOpenChange={(now) => !now && close()}>
      <Dropdown.Trigger asChild>
        <span
          aria-hidden="true"
          tabIndex={-1}
          style={{
            position: "fixed",
            pointerEvents: "none",
            left: place.left,
            top: place.top,
            width: place.width,
            height: place.height,
          }}
        />
      </Dropdown.Trigger>
      <Dropdown.Portal>
        <Dropdown.Content
          className="menu"
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={label}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            // Unless the table was scrolled meanwhile, and the button is another run's now.
            if (open.button.getAttribute("aria-label") === label) open.button.focus();
          }}
        >
          {item(hidden ? "Draw in the charts" : "Do not draw in the charts", () => hide(id))}
          {item(pinned ? "Let go from the top" : "Keep at the top", () => pin(id))}
          {item(base ? "No baseline" : "Make it the baseline", () => setBase(base ? undefined : id))}
          {item("Copy run id", () => copy(id))}
          <Dropdown.Separator className="menu-line" />
          <Dropdown.Label className="menu-label">Colour</Dropdown.Label>
          <Dropdown.RadioGroup className="color-choice" value={String(color)}>
            {ALL_COLORS.map((one) => (
              <Dropdown.RadioItem
                key={one}
                value={String(one)}
                aria-label={`Colour ${one + 1}`}
                onSelect={() => setColor(id, one)}
              >
                <span className="swatch" style={{ background: seriesColor(one) }} />
              </Dropdown.RadioItem>
            ))}
          </Dropdown.RadioGroup>
        </Dropdown.Content>
      </Dropdown.Portal>
    </Dropdown.Root>
  );
}
