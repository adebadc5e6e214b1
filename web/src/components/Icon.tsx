// The few drawings of the pages, in one weight, drawn for 16 pixels.

const PATHS = {
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.6-1.4L14 14",
  copy: "M6 5.5h7v8H6zM3.5 10.5H3v-8h7v.5",
  check: "m3 8.5 3.2 3.2L13 5",
  close: "m4 4 8 8M12 4l-8 8",
  down: "m4 6 4 4 4-4",
  right: "m6 4 4 4-4 4",
  up: "m4 10 4-4 4 4",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  folder: "M2 12.5v-9h4.2l1.5 1.7H14v7.3z",
  file: "M4 1.8h5L12.5 5v9.2H4zM9 2v3.2h3.3",
  download: "M8 2.5v7.5M4.8 7 8 10.2 11.2 7M3 13.5h10",
  upload: "M8 10.2V2.700M4.800 5.900 8 2.700l3.200 3.200M3 13.500h10",
  columns: "M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10",
  sun: "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6ZM8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8 13 13M13 3l-1.2 1.2M4.2 11.8 3 13",
  moon: "M13 9.6A5.6 5.6 0 0 1 6.4 3a5.6 5.6 0 1 0 6.6 6.6Z",
  screen: "M2 3h12v8H2zM5.5 13.5h5",
  grow: "M9.500 2.500h4v4M13.500 2.500 9 7M6.500 13.500h-4v-4M2.500 13.500 7 9",
  shrink: "M13 6.500H9.500V3M9.500 6.500 13.500 2.500M3 9.500h3.500V13M6.500 9.500 2.500 13.500",
  user: "M8 8.2a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6ZM2.8 14c.5-2.6 2.5-4 5.2-4s4.700 1.400 5.200 4",
  plus: "M8 3v10M3 8h10",
  menu: "M2.500 4.500h11M2.500 8h11M2.500 11.500h11",
  lock: "M4 7.200h8V13.500H4zM5.500 7V5a2.500 2.500 0 0 1 5 0v2",
  offline:
    "M2 2l12 12M5.200 10.800a4 4 0 0 1 3.300-1.100M2.500 7.600A8 8 0 0 1 5 5.900M8.200 5a8 8 0 0 1 5.300 2.600M8 13.200h.01",
  link: "M6.500 9.500 9.500 6.500M7 4.500l1.500-1.400a3 3 0 0 1 4.300 4.300L11.400 9M9 11.500l-1.500 1.400a3 3 0 0 1-4.300-4.300L4.600 7",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth={name === "more" ? 2.2 : 1.4}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

export function Logo() {
  return (
    <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="var(--accent)" />
      <g fill="none" stroke="var(--accent-ink)" strokeWidth="2.8" strokeLinecap="round">
        <path d="M6 10h9c3 0 3 6 6 6h5" />
        <path d="M6 16h5c3 0 3 6 6 6h9" opacity=".7" />
      </g>
    </svg>
  );
}
