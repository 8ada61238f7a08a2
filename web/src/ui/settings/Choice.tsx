import { type Ref, useId } from "react";
import { cx } from "../kit/cx";

interface Props<T extends string | number> {
  label: string;
  hint?: string;
  value: T;
  options: readonly { value: T; label: string; lang?: string }[];
  onChange: (value: T) => void;
  /** The one that is chosen. */
  chosen?: Ref<HTMLInputElement> | undefined;
}

/** One of a few: radio buttons in a row. */
export function Choice<T extends string | number>({
  label,
  hint,
  value,
  options,
  onChange,
  chosen,
}: Props<T>) {
  const name = useId();
  return (
    <fieldset className="min-w-0" aria-describedby={hint ? `${name}-hint` : undefined}>
      <legend className="mb-2 font-medium">{label}</legend>
      <div className="flex flex-wrap gap-1 rounded-2xl bg-sunken p-1">
        {options.map((option) => (
          <label
            key={option.value}
            lang={option.lang}
            className={cx(
              "relative flex min-h-11 max-w-full flex-1 cursor-pointer items-center justify-center rounded-xl px-1",
              "text-center wrap-break-word transition-colors min-[22rem]:whitespace-nowrap",
              "has-focus-visible:outline-2 has-focus-visible:outline-accent",
              option.value === value
                ? "bg-accent-soft font-semibold text-accent forced-colors:outline-2"
                : "text-muted hover:text-ink",
            )}
          >
            <input
              ref={option.value === value ? chosen : undefined}
              type="radio"
              name={name}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
              className="sr-only"
            />
            {option.label}
          </label>
        ))}
      </div>
      {hint && (
        <p id={`${name}-hint`} className="mt-1 text-muted text-sm">
          {hint}
        </p>
      )}
    </fieldset>
  );
}
