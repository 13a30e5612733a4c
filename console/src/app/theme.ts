import { createTheme, type MantineColorsTuple } from '@mantine/core';

const iris: MantineColorsTuple = ['#f0efff', '#dddbff', '#b8b3fb', '#9189f7', '#7066f3', '#5a4ff0', '#4c41e4', '#3d33cb', '#342cb6', '#2a239f'];
const ink: MantineColorsTuple = ['#e6e9f2', '#c3c9d8', '#9aa3b8', '#737d95', '#4b556d', '#343d52', '#232a3b', '#181e2c', '#111621', '#0b0f18'];

export const theme = createTheme({
  primaryColor: 'iris',
  primaryShade: { light: 6, dark: 5 },
  colors: { iris, dark: ink },
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Code', 'Roboto Mono', Menlo, Consolas, monospace",
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: '650' },
  defaultRadius: 'md',
  autoContrast: true,
  cursorType: 'pointer',
  components: {
    Tooltip: { defaultProps: { openDelay: 250, withArrow: true } },
    Modal: { defaultProps: { centered: true, radius: 'lg', overlayProps: { backgroundOpacity: 0.5, blur: 3 } } },
    Badge: { defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 600 } },
    Table: { defaultProps: { verticalSpacing: 'sm', highlightOnHover: true } },
  },
});
