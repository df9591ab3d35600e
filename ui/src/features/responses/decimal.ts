// Numbers as people wrote them: digits and an exponent, never rounded.
export interface Decimal {
  isNegative: boolean;
  /** Without leading zeros; `0` for zero. */
  digits: string;
  exponent: number;
}

const PARTS = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;
/** The most digits the server turns into a number. */
export const MOST_DIGITS = 4300;

/** A JSON number, or a text that looks like one. */
export function readDecimal(text: string): Decimal {
  const [, sign, whole = '', fraction = '', power = '0'] = PARTS.exec(text) ?? [];
  return {
    isNegative: sign === '-',
    digits: (whole + fraction).replace(/^0+(?=[0-9])/, ''),
    exponent: Number(power) - fraction.length,
  };
}

/** The power of ten of the first digit: 2 for 123, -1 for 0.1. */
export function magnitude({ digits, exponent }: Decimal): number {
  return digits.length - 1 + exponent;
}

/** The digits of a number as the server writes them into text: `12.10` stays so, `1e3` is `1E+3`. */
export function writeDecimal(text: string): string {
  const number = readDecimal(text);
  const sign = number.isNegative ? '-' : '';
  const { digits, exponent } = number;
  if (!/[.eE]/.test(text)) return sign + digits;
  if (exponent <= 0 && exponent >= -MOST_DIGITS) {
    const padded = digits.padStart(1 - exponent, '0');
    const point = padded.length + exponent;
    return sign + (exponent === 0 ? padded : `${padded.slice(0, point)}.${padded.slice(point)}`);
  }
  const power = magnitude(number);
  const rest = digits.length > 1 ? `.${digits.slice(1)}` : '';
  return `${sign}${digits[0]}${rest}E${power < 0 ? '' : '+'}${power}`;
}

/** The whole number it is (`12.0` is 12), as text; null where it has a fraction or too many digits. */
export function wholeOf(text: string): string | null {
  const number = readDecimal(text);
  if (/^0+$/.test(number.digits)) return '0';
  if (magnitude(number) < 0 || magnitude(number) >= MOST_DIGITS) return null;
  const { digits, exponent } = number;
  if (exponent < 0 && /[^0]/.test(digits.slice(exponent))) return null;
  const whole = exponent < 0 ? digits.slice(0, exponent) : digits + '0'.repeat(exponent);
  return (number.isNegative ? '-' : '') + whole;
}
