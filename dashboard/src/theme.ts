import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** The platform's own colour takes its place where the portal is branded. */
const ink: MantineColorsTuple = [
  '#eaf4ff',
  '#d3e5fb',
  '#a4c8f4',
  '#8ebdf5',
  '#4a90e8',
  '#307fe5',
  '#1f75e4',
  '#1263cb',
  '#0b5cab',
  '#084a8c',
];

/** Of one family with the panels they stand on: the greys of the library have no blue in them. */
const dark: MantineColorsTuple = [
  '#c9d1da',
  '#b3bcc7',
  '#848e9a',
  '#67717d',
  '#3a434e',
  '#323a44',
  '#262d35',
  '#1d232b',
  '#171c22',
  '#0f1216',
];

/** Menus and lists of choices belong to a landmark, as all that a page shows does; dialogs are one by themselves. */
const LANDMARK = ':is(main, body:not(:has(main)))';

export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 8, dark: 8 },
  colors: { ink, dark },
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace",
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.3' },
      h2: { fontSize: '1.125rem', lineHeight: '1.35' },
      h3: { fontSize: '1rem', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  autoContrast: true,
  respectReducedMotion: true,
  components: {
    Tooltip: {
      defaultProps: { withArrow: true, openDelay: 250, events: { hover: true, focus: true, touch: true } },
    },
    // The focus goes to the first item: an element of its own to hold it is nothing that a menu may have.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Popover: { defaultProps: { portalProps: { target: LANDMARK } } },
    Modal: { defaultProps: { centered: true } },
    Drawer: { defaultProps: { position: 'right' } },
    Table: { defaultProps: { verticalSpacing: 7, horizontalSpacing: 'sm', fz: 'sm' } },
    // Where a table is wider than the screen its bar says so, also where nothing hovers.
    TableScrollContainer: { defaultProps: { scrollAreaProps: { type: 'auto', scrollbarSize: 8 } } },
    NavLink: { styles: { root: { borderRadius: 'var(--mantine-radius-md)', paddingBlock: 6 } } },
  },
});

/** The greys of the library are too faint for small text: WCAG 2.2 asks for 4.5 : 1. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#545c66',
    '--mantine-color-placeholder': '#6b727b',
    '--mantine-color-error': '#c01f2e',
    '--mantine-color-body': '#ffffff',
    '--wb-canvas': '#f5f7fa',
    '--wb-panel': '#ffffff',
    '--wb-line': '#dfe4ea',
  },
  dark: {
    '--mantine-color-dimmed': '#a9b1bc',
    '--mantine-color-placeholder': '#939ca8',
    '--mantine-color-error': '#ff8f96',
    // What takes something away is red here, too, and not nearly white.
    '--mantine-color-red-light-color': '#ff8f96',
    '--mantine-color-body': '#14181d',
    '--mantine-color-anchor': 'var(--mantine-color-ink-3)',
    '--wb-canvas': '#0f1216',
    '--wb-panel': '#171c22',
    '--wb-line': '#2b323b',
  },
});
