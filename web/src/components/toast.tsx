// Short messages after an action, at the foot of the page, read out by screen readers.

import { useSyncExternalStore } from "react";

interface Toast {
  id: number;
  text: string;
}

let toasts: Toast[] = [];
let next = 0;
const waiting = new Set<() => void>();

function change(to: Toast[]) {
  toasts = to;
  for (const tell of waiting) tell();
}

export function toast(text: string): void {
  const id = next++;
  change([...toasts, { id, text }]);
  setTimeout(() => change(toasts.filter((one) => one.id !== id)), 5000);
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (tell) => {
      waiting.add(tell);
      return () => waiting.delete(tell);
    },
    () => toasts,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map((one) => (
        <div className="toast" key={one.id}>
          {one.text}
        </div>
      ))}
    </div>
  );
}
