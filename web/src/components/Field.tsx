// The fields of forms: a label, what is filled in, and a hint that screen readers hear, too.

import { type InputHTMLAttributes, type ReactNode, useId } from "react";

interface Labelled {
  label: string;
  hint?: ReactNode;
}

interface Text extends Labelled {
  value: string;
  change: (text: string) => void;
  lines?: number;
}

type Native = Omit<InputHTMLAttributes<HTMLInputElement>, "value" | "onChange" | "className" | "id">;

export function TextField({ label, hint, value, change, lines, ...native }: Text & Native) {
  const id = useId();
  const common = { id, className: "input", value, "aria-describedby": hint ? `${id}-hint` : undefined };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {lines ? (
        <textarea {...common} rows={lines} onChange={(event) => change(event.target.value)} />
      ) : (
        <input autoComplete="off" {...native} {...common} onChange={(event) => change(event.target.value)} />
      )}
      <Hint id={id}>{hint}</Hint>
    </div>
  );
}

function Hint({ id, children }: { id: string; children: ReactNode }) {
  if (!children) return null;
  return (
    <span className="hint" id={`${id}-hint`}>
      {children}
    </span>
  );
}

interface Choice<T extends string> extends Labelled {
  value: T;
  options: readonly { value: T; label: string }[];
  change: (value: T) => void;
  disabled?: boolean;
}

export function SelectField<T extends string>({ label, hint, value, options, change, disabled }: Choice<T>) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="input"
        value={value}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => change(event.target.value as T)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <Hint id={id}>{hint}</Hint>
    </div>
  );
}

interface Check {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  change: (checked: boolean) => void;
  disabled?: boolean;
}

export function CheckField({ label, hint, checked, change, disabled }: Check) {
  const id = useId();
  return (
    <div className="check">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => change(event.target.checked)}
      />
      <label htmlFor={id}>{label}</label>
      <Hint id={id}>{hint}</Hint>
    </div>
  );
}
