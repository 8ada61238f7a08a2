/** Which `seq` of a chat are on disk: sorted runs that neither touch nor overlap. Pure. */

export interface Span {
  from: number;
  to: number;
}

export function cover(spans: readonly Span[], added: Span): Span[] {
  if (added.to < added.from) return [...spans];
  const merged: Span[] = [];
  let { from, to } = added;
  for (const span of spans) {
    if (span.to + 1 < from || span.from > to + 1) merged.push(span);
    else {
      from = Math.min(from, span.from);
      to = Math.max(to, span.to);
    }
  }
  return [...merged, { from, to }].sort((a, b) => a.from - b.from);
}

export function spanAt(spans: readonly Span[], seq: number): Span | null {
  return spans.find((span) => span.from <= seq && seq <= span.to) ?? null;
}

export function sizeOf(spans: readonly Span[]): number {
  return spans.reduce((sum, span) => sum + span.to - span.from + 1, 0);
}

/** The newest `limit`; what falls below is dropped. */
export function newest(spans: readonly Span[], limit: number): Span[] {
  let room = limit;
  const kept: Span[] = [];
  for (const span of spans.toReversed()) {
    if (room <= 0) break;
    const from = Math.max(span.from, span.to - room + 1);
    kept.unshift({ from, to: span.to });
    room -= span.to - from + 1;
  }
  return kept;
}
