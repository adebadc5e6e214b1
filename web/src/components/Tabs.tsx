// The tabs of a page: links, since the tab is part of the address.

import { Link } from "@tanstack/react-router";

export interface Tab {
  id: string;
  label: string;
  count?: number | string;
}

/** The first tab is the address without `tab`. */
export function Tabs({ tabs, current, label }: { tabs: Tab[]; current: string; label: string }) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map((tab, index) => (
        <Link
          key={tab.id}
          to="."
          search={(search: Record<string, unknown>) => ({ ...search, tab: index === 0 ? undefined : tab.id })}
          // The router would call a tab current whose address is a part of this one.
          activeOptions={{ exact: true, includeSearch: true }}
          activeProps={tab.id === current ? undefined : { "aria-current": undefined }}
          replace
        >
          {tab.label}
          {tab.count !== undefined && <span className="count">{tab.count}</span>}
        </Link>
      ))}
    </nav>
  );
}
