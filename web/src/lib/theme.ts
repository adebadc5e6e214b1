// The chosen theme: kept in the browser, set on the page's root. public/theme.js reads it before the first paint.

export type Theme = "system" | "light" | "dark";

const KEY = "weir.theme";

export function readTheme(): Theme {
  const chosen = document.documentElement.dataset.theme;
  return chosen === "light" || chosen === "dark" ? chosen : "system";
}

export function setTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Storage is switched off: the choice lasts as long as the page.
  }
  // Charts are painted, not styled: they ask for the colours again.
  window.dispatchEvent(new Event("weir:theme"));
}
