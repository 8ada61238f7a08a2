import { createStore } from "zustand/vanilla";

export type Politeness = "polite" | "assertive";

/** What each of the two live regions holds. `nonce` has the same words read out again. */
export const announced = createStore<Record<Politeness, { text: string; nonce: number }>>(() => ({
  polite: { text: "", nonce: 0 },
  assertive: { text: "", nonce: 0 },
}));

/** Has a screen reader say it: `assertive` for what failed, `polite` for all else. */
export function announce(text: string, politeness: Politeness = "polite"): void {
  const { nonce } = announced.getState()[politeness];
  announced.setState({ [politeness]: { text, nonce: nonce + 1 } });
}
