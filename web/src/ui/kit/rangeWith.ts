import { defaultRangeExtractor, type Range } from "@tanstack/react-virtual";

/** What a virtual list mounts: the rows near, and the one at `kept` wherever it is; `-1`: none. */
export function rangeWith(kept: number) {
  return (range: Range): number[] => {
    const near = defaultRangeExtractor(range);
    if (kept < 0 || kept >= range.count || near.includes(kept)) return near;
    return kept < (near[0] ?? 0) ? [kept, ...near] : [...near, kept];
  };
}
