// Exact decimals on BigInt: a number is {digits, places}. The same reading and rounding as the server's money.py.
const SPACES = /[ \u00a0\u2007\u2009\u202f]/g;
const AMBIGUOUS = /^[1-9]\d{0,2}[.,]\d{3}$/;
const NUMBER = /^([-+\u2212]?)(\d+|\d{1,3}(?:[ \u00a0\u2007\u2009\u202f]\d{3})+)(?:[.,](\d+))?$/;
const ten = (places) => 10n ** BigInt(places);

export const ZERO = { digits: 0n, places: 0 };

// Nothing typed is zero; what cannot be read, or could be read twice, is null. "loose" takes 1.234 as a decimal.
export function read(text, { loose = false } = {}) {
  const typed = text.trim();
  if (!typed) return ZERO;
  const match = NUMBER.exec(typed);
  if (!match || (!loose && AMBIGUOUS.test(typed.replace(/^[-+\u2212]/, "")))) return null;
  const digits = BigInt(match[2].replace(SPACES, "") + (match[3] ?? ""));
  return { digits: match[1] && match[1] !== "+" ? -digits : digits, places: match[3]?.length ?? 0 };
}

export function times(a, b) {
  return { digits: a.digits * b.digits, places: a.places + b.places };
}

export function plus(a, b) {
  const places = Math.max(a.places, b.places);
  return { digits: a.digits * ten(places - a.places) + b.digits * ten(places - b.places), places };
}

export function minus(a, b) {
  return plus(a, { digits: -b.digits, places: b.places });
}

export function hundredth(a) {
  return { digits: a.digits, places: a.places + 2 };
}

// Rounds half away from zero, as the server does.
export function cents(a) {
  if (a.places <= 2) return { digits: a.digits * ten(2 - a.places), places: 2 };
  const unit = ten(a.places - 2);
  const size = a.digits < 0n ? -a.digits : a.digits;
  const rounded = (size * 2n + unit) / (unit * 2n);
  return { digits: a.digits < 0n ? -rounded : rounded, places: 2 };
}

// The plain form, for comparing and for keys: 25.50 and 25.5 are the same rate.
export function plain(a) {
  const size = (a.digits < 0n ? -a.digits : a.digits).toString().padStart(a.places + 1, "0");
  const whole = size.slice(0, size.length - a.places);
  const part = a.places ? size.slice(-a.places).replace(/0+$/, "") : "";
  return `${a.digits < 0n ? "-" : ""}${whole}${part ? `.${part}` : ""}`;
}

// As the server writes it: two decimals, groups of three behind no-break spaces, and a comma unless the language is English.
export function formatted(a, language) {
  const { digits } = cents(a);
  const size = (digits < 0n ? -digits : digits).toString().padStart(3, "0");
  const whole = size.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, "\u00a0");
  return `${digits < 0n ? "\u2212" : ""}${whole}${language.startsWith("en") ? "." : ","}${size.slice(-2)}`;
}
