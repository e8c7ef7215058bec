// Adds up rows as the server does: rows rounded to cents, tax rounded half up once per rate.
import { ZERO, cents, hundredth, minus, plain, plus, read, times } from "./decimal.js";

const HUNDRED = { digits: 100n, places: 0 };

// Rows are texts as typed; an unreadable one makes its sums null. A row without a price is not there yet.
export function rowNet({ quantity, unit_price, discount = "" }) {
  const parts = [read(quantity, { loose: true }), read(unit_price), read(discount, { loose: true })];
  if (parts.includes(null)) return null;
  const [count, price, off] = parts;
  return cents(hundredth(times(times(count, price), minus(HUNDRED, off))));
}

export function totals(rows) {
  const nets = rows.map(rowNet);
  const rates = rows.map((row) => read(row.vat_rate, { loose: true }));
  if (nets.includes(null) || rates.includes(null)) return { nets, groups: [], net: null, vat: null, total: null };
  const groups = new Map();
  rates.forEach((rate, place) => {
    if (!rows[place].unit_price.trim()) return;
    const group = groups.get(plain(rate)) ?? { rate, net: cents(ZERO) };
    groups.set(plain(rate), { rate, net: plus(group.net, nets[place]) });
  });
  const all = [...groups.values()].map((group) => ({ ...group, vat: cents(hundredth(times(group.net, group.rate))) }));
  all.sort((a, b) => (minus(b.rate, a.rate).digits > 0n ? 1 : -1));
  const net = all.reduce((sum, group) => plus(sum, group.net), cents(ZERO));
  const vat = all.reduce((sum, group) => plus(sum, group.vat), cents(ZERO));
  return { nets, groups: all, net, vat, total: plus(net, vat) };
}
