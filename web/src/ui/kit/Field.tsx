import { type ComponentProps, type ReactNode, useId, useState } from "react";
import { t } from "../../i18n";
import { cx } from "./cx";
import { Icon } from "./Icon";
import { IconButton } from "./IconButton";

interface Frame {
  label: string;
  hint?: string;
  /** What is wrong, in words; replaces the hint, so that nothing below moves. */
  error?: string | null;
  /** Hides the label from sight, not from ears, where the place says what it is for. */
  isLabelHidden?: boolean;
}

type TextFieldProps = Frame & ComponentProps<"input"> & { trailing?: ReactNode };

const BOX = cx(
  "w-full rounded-xl border bg-sunken px-3 text-ink placeholder:text-muted",
  "focus-visible:outline-offset-0",
);

export function TextField({
  label,
  hint,
  error,
  isLabelHidden,
  trailing,
  className,
  ...rest
}: TextFieldProps) {
  const id = useId();
  return (
    <FieldFrame {...{ id, label, hint, error, isLabelHidden, className }}>
      <span className="relative block">
        <input
          id={id}
          aria-invalid={error ? true : undefined}
          aria-describedby={error || hint ? `${id}-note` : undefined}
          {...rest}
          className={cx(
            BOX,
            "min-h-11",
            error ? "border-danger" : "border-line-strong",
            trailing !== undefined && "pe-12",
          )}
        />
        {trailing && <span className="absolute inset-y-0 end-0 flex items-center">{trailing}</span>}
      </span>
    </FieldFrame>
  );
}

type TextAreaProps = Frame & ComponentProps<"textarea">;

export function TextArea({ label, hint, error, isLabelHidden, className, ...rest }: TextAreaProps) {
  const id = useId();
  return (
    <FieldFrame {...{ id, label, hint, error, isLabelHidden, className }}>
      <textarea
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={error || hint ? `${id}-note` : undefined}
        rows={3}
        {...rest}
        className={cx(
          BOX,
          "max-h-60 resize-none py-2.5 field-sizing-content",
          error ? "border-danger" : "border-line-strong",
        )}
      />
    </FieldFrame>
  );
}

export function PasswordField(props: Omit<TextFieldProps, "type" | "trailing">) {
  const [isShown, setShown] = useState(false);
  return (
    <TextField
      {...props}
      type={isShown ? "text" : "password"}
      autoCapitalize="none"
      spellCheck={false}
      trailing={
        <IconButton
          icon={isShown ? "eye-off" : "eye"}
          iconSize={20}
          label={t(isShown ? "kit.hideCharacters" : "kit.showCharacters")}
          onClick={() => setShown(!isShown)}
        />
      }
    />
  );
}

interface FieldFrameProps extends Frame {
  id: string;
  className?: string;
  children: ReactNode;
}

function FieldFrame({ id, label, hint, error, isLabelHidden, className, children }: FieldFrameProps) {
  return (
    <div className={className}>
      <label htmlFor={id} className={cx(isLabelHidden ? "sr-only" : "mb-1 block text-sm font-medium")}>
        {label}
      </label>
      {children}
      {(error || hint) && (
        <p id={`${id}-note`} className={cx("mt-1 flex gap-1 text-sm", error ? "text-danger" : "text-muted")}>
          {error && <Icon name="alert" size={16} className="mt-0.5" />}
          {error || hint}
        </p>
      )}
    </div>
  );
}
