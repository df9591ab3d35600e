// Colours, type and shapes: jade on warm greys, with the contrasts that WCAG 2.2 AA asks for.
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const jade: MantineColorsTuple = [
  '#e8f7f2',
  '#d2ece3',
  '#a4d9c8',
  '#73c5ab',
  '#4bb493',
  '#32a984',
  '#1f8f6d',
  '#0f7a5b',
  '#0b6b57',
  '#07513f',
];

const sand: MantineColorsTuple = [
  '#faf9f7',
  '#f3f1ed',
  '#e7e4de',
  '#d5d1c9',
  '#bdb8ad',
  '#8f897d',
  '#6d675c',
  '#555047',
  '#3a3630',
  '#24211d',
];

const night: MantineColorsTuple = [
  '#e9eae8',
  '#c9ccc8',
  '#a9aea9',
  '#7f8580',
  '#4a514c',
  '#363c38',
  '#272c29',
  '#1d2220',
  '#161a18',
  '#101311',
];

export const theme = createTheme({
  primaryColor: 'jade',
  primaryShade: { light: 8, dark: 7 },
  colors: { jade, gray: sand, dark: night },
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, 'SF Mono', Menlo, Consolas, monospace",
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.625rem', lineHeight: '1.25' },
      h2: { fontSize: '1.1875rem' },
      h3: { fontSize: '1rem' },
    },
  },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    Button: { defaultProps: { fw: 600 } },
    Paper: { defaultProps: { withBorder: true } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300, events: { hover: true, focus: true, touch: true } } },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.45, blur: 2 } } },
    Table: { defaultProps: { verticalSpacing: 'sm' } },
    // A table that is wider than its place shows that it can be moved, by hand and by keys.
    TableScrollContainer: {
      defaultProps: { scrollAreaProps: { type: 'auto', offsetScrollbars: 'present', viewportProps: { tabIndex: 0 } } },
    },
    Badge: { defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 600 } },
    TextInput: { defaultProps: { inputWrapperOrder: ['label', 'description', 'input', 'error'] } },
    Textarea: {
      defaultProps: { inputWrapperOrder: ['label', 'description', 'input', 'error'], autosize: true, minRows: 2 },
    },
    PasswordInput: { defaultProps: { inputWrapperOrder: ['label', 'description', 'input', 'error'] } },
    // The list itself scrolls: a box around it would be a part of the page that no key can scroll.
    Select: {
      defaultProps: {
        allowDeselect: false,
        checkIconPosition: 'right',
        comboboxProps: { shadow: 'md' },
        withScrollArea: false,
      },
      styles: { options: { maxHeight: 300, overflowY: 'auto' } },
    },
    Autocomplete: {
      defaultProps: { withScrollArea: false },
      styles: { options: { maxHeight: 300, overflowY: 'auto' } },
    },
    // Its focus placeholder is a presentation inside a menu, which no menu may hold.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
  },
});

/** Mantine's own shades that miss 4.5 : 1 on the backgrounds they are used on, set right. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-dimmed': '#5c574e',
    '--mantine-color-placeholder': '#6d675c',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-anchor': '#0b6b57',
    '--mantine-color-jade-light-color': '#07513f',
    '--mantine-color-jade-text': '#0b6b57',
    '--mantine-color-red-6': '#b3261e',
    '--mantine-color-red-light-color': '#9b1c1c',
    '--mantine-color-red-text': '#b3261e',
    '--mantine-color-orange-light-color': '#8a3b00',
    '--mantine-color-yellow-light-color': '#704800',
    '--mantine-color-yellow-text': '#704800',
    '--mantine-color-blue-light-color': '#114a86',
    '--mantine-color-gray-light-color': '#4a463e',
    '--mantine-color-gray-text': '#4a463e',
    '--mantine-color-violet-light-color': '#4f2e9b',
    '--mantine-color-default-border': '#dcd8d0',
    '--recado-page': '#faf9f7',
    '--recado-raised': '#ffffff',
    '--recado-line': '#e7e4de',
    '--recado-code': '#f6f4f0',
  },
  dark: {
    '--mantine-color-body': '#161a18',
    '--mantine-color-dimmed': '#a9aea9',
    '--mantine-color-placeholder': '#a0a5a0',
    '--mantine-color-error': '#ff9c92',
    '--mantine-color-anchor': '#73c5ab',
    '--mantine-color-jade-light-color': '#8fd6bf',
    '--mantine-color-jade-text': '#73c5ab',
    '--mantine-color-red-6': '#ff9c92',
    '--mantine-color-red-light-color': '#ffb4ab',
    '--mantine-color-red-text': '#ff9c92',
    '--mantine-color-orange-light-color': '#ffc49b',
    '--mantine-color-yellow-light-color': '#ffd98a',
    '--mantine-color-yellow-text': '#ffd98a',
    '--mantine-color-blue-light-color': '#a9cdf5',
    '--mantine-color-gray-light-color': '#d0d3cf',
    '--mantine-color-gray-text': '#d0d3cf',
    '--mantine-color-violet-light-color': '#cdbbff',
    '--mantine-color-default-border': '#363c38',
    '--recado-page': '#101311',
    '--recado-raised': '#161a18',
    '--recado-line': '#272c29',
    '--recado-code': '#101311',
  },
});
