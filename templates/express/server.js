// A wall that everybody who looks at it shares: what one writes, all see at once.
import { fileURLToPath } from "node:url";
import express from "express";

const MAX_LINES = 50;
const app = express();
const lines = [];
const watchers = new Set();

app.disable("x-powered-by");
app.use(express.json({ limit: "10kb" }));
app.use(express.static(fileURLToPath(new URL("public", import.meta.url))));

app.get("/api/lines", (_request, response) => response.json(lines));

app.post("/api/lines", (request, response) => {
  const text = typeof request.body?.text === "string" ? request.body.text.trim() : "";
  if (text === "" || text.length > 200) return response.status(400).json({ error: "Write 1 to 200 characters." });
  const line = { id: (lines.at(-1)?.id ?? 0) + 1, text, at: new Date().toISOString() };
  lines.push(line);
  if (lines.length > MAX_LINES) lines.shift();
  for (const watcher of watchers) watcher.write(`data: ${JSON.stringify(line)}\n\n`);
  response.status(201).json(line);
});

app.get("/api/events", (request, response) => {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.write(": welcome\n\n");
  watchers.add(response);
  request.on("close", () => watchers.delete(response));
});

app.get("/health", (_request, response) => response.json({ ok: true }));

// Without Gantry: http://127.0.0.1:3000
const { PORT = 3000, HOST = "127.0.0.1" } = process.env;
const server = app.listen(PORT, HOST, () => console.log(`listening on http://${HOST}:${PORT}`));

process.on("SIGTERM", () => {
  for (const watcher of watchers) watcher.end();
  server.close(() => process.exit(0));
});
