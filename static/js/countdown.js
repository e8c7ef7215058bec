// Shows the time left until a moment; a screen reader hears it at the start, at each minute's end near zero, and when it is over.
const two = (number) => String(number).padStart(2, "0");

function clock(seconds) {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

export function attach(element) {
  const until = Date.parse(element.dataset.until);
  const shown = element.querySelector("[data-countdown-clock]");
  const said = element.querySelector("[data-countdown-said]");
  const timer = setInterval(tick, 1000);
  function tick() {
    if (!element.isConnected) return clearInterval(timer);
    const left = Math.max(0, Math.round((until - Date.now()) / 1000));
    shown.textContent = clock(left);
    if (left === 60 || left === 10) said.textContent = clock(left);
    if (left > 0) return undefined;
    clearInterval(timer);
    shown.textContent = said.textContent = element.dataset.done;
    element.dispatchEvent(new CustomEvent("ropo:done", { bubbles: true }));
    return undefined;
  }
  tick();
}
