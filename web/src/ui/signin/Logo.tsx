/** The sign of the icon, in the colours of the theme. */
export function Logo() {
  return (
    <svg aria-hidden="true" width="72" height="72" viewBox="0 0 512 512">
      <rect width="512" height="512" rx="116" className="fill-accent" />
      <path
        d="M256 116c-88 0-156 58-156 132 0 42 22 79 57 103l-17 57a10 10 0 0 0 14 12l71-35c10 2 20 2 31 2 88 0 156-58 156-139S344 116 256 116Z"
        className="fill-on-accent"
      />
      <g className="fill-accent stroke-accent">
        <path
          className="fill-transparent"
          strokeWidth="22"
          strokeLinejoin="round"
          d="M190 218 256 286 322 218"
        />
        <circle cx="190" cy="218" r="25" strokeWidth="0" />
        <circle cx="322" cy="218" r="25" strokeWidth="0" />
        <circle cx="256" cy="286" r="25" strokeWidth="0" />
      </g>
    </svg>
  );
}
