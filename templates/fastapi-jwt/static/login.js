const login = document.getElementById("login");
const inside = document.getElementById("inside");
const problem = document.getElementById("problem");

const reason = ({ detail }) => (Array.isArray(detail) ? detail.map(({ msg }) => msg).join(", ") : detail);

async function ask(path, options) {
  const answer = await fetch(path, options);
  const body = await answer.json();
  if (!answer.ok) throw new Error(reason(body));
  return body;
}

async function enter() {
  const token = sessionStorage.getItem("token");
  const user = token && (await ask("/me", { headers: { authorization: `Bearer ${token}` } }).catch(() => null));
  login.hidden = Boolean(user);
  inside.hidden = !user;
  if (!user) return;
  document.getElementById("who").textContent = user.username;
  document.getElementById("since").textContent = user.joined_at;
}

login.addEventListener("submit", async (event) => {
  event.preventDefault();
  problem.textContent = "";
  const fields = new FormData(login);
  try {
    if (event.submitter?.value === "up")
      await ask("/users", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(Object.fromEntries(fields)),
      });
    const { access_token } = await ask("/token", { method: "POST", body: new URLSearchParams(fields) });
    sessionStorage.setItem("token", access_token);
    login.reset();
    await enter();
  } catch (error) {
    problem.textContent = error.message;
  }
});

document.getElementById("out").addEventListener("click", () => {
  sessionStorage.removeItem("token");
  void enter();
});

void enter();
