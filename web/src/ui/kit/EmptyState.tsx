import type { ReactNode } from "react";
import { Icon } from "./Icon";
import type { IconName } from "./icons";

interface Props {
  icon: IconName;
  title: string;
  text?: string;
  /** What to do next. */
  children?: ReactNode;
}

export function EmptyState({ icon, title, text, children }: Props) {
  return (
    <div className="fade-in m-auto flex max-w-[min(20rem,100%)] flex-col items-center gap-3 p-6 text-center wrap-anywhere">
      <span className="grid size-18 place-items-center rounded-full bg-accent-soft text-accent">
        <Icon name={icon} size={32} />
      </span>
      <p className="text-balance text-lg font-semibold">{title}</p>
      {text && <p className="text-muted">{text}</p>}
      {children && <div className="mt-2 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  );
}
