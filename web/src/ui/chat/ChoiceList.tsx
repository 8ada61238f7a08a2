/* oxlint-disable jsx-a11y/click-events-have-key-events -- the keyboard stays in the text box */

import { type ReactNode, useEffect, useRef } from "react";
import { cx } from "../kit/cx";

export interface Choice {
  key: string;
  face: ReactNode;
}

interface Props {
  id: string;
  label: string;
  choices: readonly Choice[];
  active: number;
  onChoose: (index: number) => void;
}

/** The choices of the combobox that the composer becomes while a mention or an emoji is typed. */
export function ChoiceList({ id, label, choices, active, onChoose }: Props) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      aria-label={label}
      className="fade-in absolute inset-x-2 bottom-full mb-2 max-h-[min(16rem,calc(var(--app-height,100dvh)-9rem))] overflow-y-auto rounded-2xl border border-line bg-raised p-1.5 shadow-pop"
    >
      {choices.map(({ key, face }, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard stays in the text box
        <div
          key={key}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onChoose(index)}
          className={cx(
            "flex min-h-11 cursor-pointer items-center gap-3 rounded-xl px-2",
            index === active ? "bg-selected" : "hover:bg-hover",
          )}
        >
          {face}
        </div>
      ))}
    </div>
  );
}
