/** Two bubbles that meet. */
export function Logo() {
  return (
    <svg aria-hidden="true" width="72" height="72" viewBox="0 0 72 72">
      <rect width="72" height="72" rx="20" className="fill-accent" />
      <path
        d="M18 20h26a8 8 0 0 1 8 8v10a8 8 0 0 1-8 8H30l-9 8v-8h-3a6 6 0 0 1-6-6V26a6 6 0 0 1 6-6"
        className="fill-on-accent"
      />
      <path d="M56 31v11a9 9 0 0 1-9 9h-9l9 8v-8" className="fill-on-accent opacity-55" />
      <path d="M23 33h18" strokeWidth="4" strokeLinecap="round" className="stroke-accent" />
    </svg>
  );
}
