// Draws the draft while the clerk types: posts the form to the given address and swaps the picture it answers with.
const PAUSE = 450;

export function attach(figure) {
  const form = document.getElementById(figure.dataset.previewForm ?? "form");
  const image = figure.querySelector("img");
  const state = { timer: 0, running: null, url: null };
  const later = () => { clearTimeout(state.timer); state.timer = setTimeout(() => draw(figure, form, image, state), PAUSE); };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  if (figure.dataset.previewNow !== undefined) draw(figure, form, image, state);
}

async function draw(figure, form, image, state) {
  state.running?.abort();
  const running = new AbortController();
  state.running = running;
  figure.classList.add("is-busy");
  figure.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(figure.dataset.previewUrl, { method: "POST", body: new FormData(form), signal: running.signal });
    figure.classList.toggle("is-stale", !answer.ok);
    if (answer.ok) await swap(image, answer, state);
  } catch (problem) {
    if (problem.name === "AbortError") return;
    figure.classList.add("is-stale");
  }
  if (state.running !== running) return;
  figure.classList.remove("is-busy");
  figure.removeAttribute("aria-busy");
}

// A data address, because the policy allows no blob.
async function swap(image, answer, state) {
  const blob = await answer.blob();
  const reader = new FileReader();
  await new Promise((done) => { reader.onload = done; reader.readAsDataURL(blob); });
  image.src = reader.result;
  image.hidden = false;
  state.url = image.src;
}
