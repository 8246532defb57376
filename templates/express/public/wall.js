const wall = document.querySelector("ol");
const state = document.querySelector(".state");
const form = document.querySelector("form");
const shown = new Set();

function show({ id, text, at }) {
  if (shown.has(id)) return;
  shown.add(id);
  const item = document.createElement("li");
  const time = Object.assign(document.createElement("time"), {
    dateTime: at,
    textContent: new Date(at).toLocaleTimeString(),
  });
  item.append(text, time);
  wall.prepend(item);
}

async function load() {
  shown.clear();
  wall.replaceChildren();
  for (const line of await (await fetch("/api/lines")).json()) show(line);
}

const events = new EventSource("/api/events");
events.onopen = () => {
  state.textContent = "What others write appears by itself.";
  void load();
};
events.onerror = () => {
  state.textContent = "The connection is lost; it is tried again.";
};
events.onmessage = ({ data }) => show(JSON.parse(data));

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { text } = form.elements;
  const answer = await fetch("/api/lines", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text: text.value }),
  });
  if (!answer.ok) state.textContent = (await answer.json()).error;
  else text.value = "";
});
