// Tells when the colours of the page change: a canvas has to be painted again.

import { useEffect, useRef } from "react";

export function useThemeChange(changed: () => void): void {
  const latest = useRef(changed);
  latest.current = changed;
  useEffect(() => {
    const tell = () => latest.current();
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", tell);
    window.addEventListener("weir:theme", tell);
    return () => {
      system.removeEventListener("change", tell);
      window.removeEventListener("weir:theme", tell);
    };
  }, []);
}
