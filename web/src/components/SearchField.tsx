// A field that searches while one types, and a little after the last letter. `/` goes to it from anywhere.

import { useEffect, useRef, useState } from "react";
import { useShortcut } from "../lib/shortcut.ts";
import { Icon } from "./Icon.tsx";

export function SearchField({
  label,
  value,
  change,
}: {
  label: string;
  value: string;
  change: (text: string) => void;
}) {
  const [text, setText] = useState(value);
  const field = useRef<HTMLInputElement>(null);
  const latest = useRef(change);
  latest.current = change;
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => latest.current(text), 200);
    return () => clearTimeout(timer);
  }, [text, value]);
  useShortcut("/", () => field.current?.focus());
  return (
    <div className="search">
      <Icon name="search" size={14} />
      <input
        ref={field}
        type="search"
        className="input"
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </div>
  );
}
