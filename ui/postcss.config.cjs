// Mantine's mixins for light, dark and breakpoints.
module.exports = { plugins: { 'postcss-preset-mantine': {} } };
