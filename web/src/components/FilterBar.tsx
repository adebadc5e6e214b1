// MLflow's filter language in one line: keys are completed, and the server's error stands under its character.

import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import {
  asFilter,
  readFilterProblem,
  type Suggestion,
  splitAt,
  suggest,
  type Vocabulary,
} from "../lib/filter.ts";
import { useShortcut } from "../lib/shortcut.ts";
import { Icon } from "./Icon.tsx";

interface Props {
  value: string;
  change: (text: string) => void;
  words: Vocabulary;
  /** The server's sentence about the value. */
  problem: string | undefined;
  /** How many characters the server was sent before it. */
  shift?: number;
}

export function FilterBar({ value, change, words, problem, shift = 0 }: Props) {
  const [text, setText] = useState(value);
  const [offer, setOffer] = useState<{ from: number; suggestions: Suggestion[] }>({
    from: 0,
    suggestions: [],
  });
  const [chosen, setChosen] = useState(-1);
  const field = useRef<HTMLInputElement>(null);
  const list = useId();
  useEffect(() => setText(value), [value]);
  useShortcut("/", () => field.current?.focus());

  function edit(next: string, caret: number) {
    setText(next);
    setOffer(suggest(next, caret, words));
    setChosen(-1);
  }

  function take(suggestion: Suggestion) {
    const caret = field.current?.selectionStart ?? text.length;
    const next = `${text.slice(0, offer.from)}${suggestion.text} ${text.slice(caret).trimStart()}`;
    setText(next);
    setOffer({ from: 0, suggestions: [] });
    field.current?.focus();
  }

  function press(event: KeyboardEvent) {
    const open = offer.suggestions.length > 0;
    if (event.key === "ArrowDown" && open) setChosen((chosen + 1) % offer.suggestions.length);
    else if (event.key === "ArrowUp" && open)
      setChosen((chosen <= 0 ? offer.suggestions.length : chosen) - 1);
    else if (event.key === "Escape" && open) setOffer({ from: 0, suggestions: [] });
    else if (event.key === "Tab" && !event.shiftKey && open) {
      const [first] = offer.suggestions;
      const suggestion = offer.suggestions[chosen] ?? first;
      if (suggestion) take(suggestion);
    } else if (event.key === "Enter") {
      const suggestion = open ? offer.suggestions[chosen] : undefined;
      if (suggestion) take(suggestion);
      else submit(text);
    } else return;
    event.preventDefault();
  }

  function submit(next: string) {
    const filter = asFilter(next);
    setOffer({ from: 0, suggestions: [] });
    setText(filter);
    change(filter);
  }

  const open = offer.suggestions.length > 0;
  return (
    <div className="filter">
      <Icon name="search" size={14} />
      <input
        ref={field}
        className="input"
        role="combobox"
        aria-label="Filter runs"
        aria-expanded={open}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={open && chosen >= 0 ? `${list}-${chosen}` : undefined}
        aria-invalid={Boolean(problem)}
        placeholder="metrics.loss < 0.3 AND params.model = 'xgboost'"
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="none"
        value={text}
        onChange={(event) =>
          edit(event.target.value, event.target.selectionStart ?? event.target.value.length)
        }
        onKeyDown={press}
        onBlur={() => setOffer({ from: 0, suggestions: [] })}
      />
      {text && (
        <button
          type="button"
          className="button icon plain small clear"
          aria-label="Clear filter"
          onClick={() => submit("")}
        >
          <Icon name="close" size={14} />
        </button>
      )}
      <div className="menu suggestions" role="listbox" id={list} aria-label="Keys" hidden={!open}>
        {offer.suggestions.map((suggestion, index) => (
          <div
            key={suggestion.text}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === chosen}
            className="menu-item mono"
            data-highlighted={index === chosen ? "" : undefined}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take(suggestion)}
          >
            {suggestion.text}
            <span className="kind">{suggestion.kind}</span>
          </div>
        ))}
      </div>
      {problem && <Problem text={value} message={problem} shift={shift} />}
    </div>
  );
}

function Problem({ text, message, shift }: { text: string; message: string; shift: number }) {
  const problem = readFilterProblem(message);
  const [before, at, after] =
    problem.at === undefined ? [text, "", ""] : splitAt(text, problem.at - shift, problem.length);
  return (
    <div className="filter-error" role="alert">
      {problem.at !== undefined && (
        <pre>
          {before}
          <mark>{at}</mark>
          {after}
        </pre>
      )}
      {problem.message}
    </div>
  );
}
