import { type FormEvent, useRef, useState } from "react";
import type { Failure } from "../../sync/model";
import { failureOf } from "../kit/failure";

/** What is wrong, by the name of the field. */
export type FieldErrors = Readonly<Record<string, string | undefined>>;

interface Form {
  isBusy: boolean;
  failure: Failure | null;
  errors: FieldErrors;
  /** For `onSubmit`. `check` looks first; `send` may be refused. */
  submit: (event: FormEvent<HTMLFormElement>) => void;
}

interface Ways {
  check: (data: FormData) => FieldErrors;
  send: (data: FormData) => Promise<unknown>;
  errorsOf: (failure: Failure) => FieldErrors;
}

/** A form whose errors land on their fields, with the focus on the first. */
export function useForm({ check, send, errorsOf }: Ways): Form {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [errors, setErrors] = useState<FieldErrors>({});
  const isSending = useRef(false);

  const show = (form: HTMLFormElement, found: FieldErrors) => {
    setErrors(found);
    const first = [...form.elements].find((field) => field instanceof HTMLInputElement && found[field.name]);
    if (first instanceof HTMLElement) first.focus();
    return first === undefined;
  };

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    if (isSending.current || !show(form, check(data))) return;
    isSending.current = true;
    setBusy(true);
    setFailure(null);
    try {
      await send(data);
    } catch (error) {
      const refused = failureOf(error);
      if (show(form, errorsOf(refused))) setFailure(refused);
    } finally {
      isSending.current = false;
      setBusy(false);
    }
  };
  return { isBusy, failure, errors, submit: (event) => void submit(event) };
}

export function textOf(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === "string" ? value : "";
}
