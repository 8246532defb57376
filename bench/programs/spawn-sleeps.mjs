// Spawns as many `sleep`s as its argument says and kills them; prints the milliseconds of both as JSON. A program of its own,
// because a fork takes the longer the more memory the forking process has: the benchmark itself has too much.
import { spawn } from "node:child_process";
import { once } from "node:events";

const count = Number(process.argv[2]);
const started = performance.now();
const children = [];
for (let i = 0; i < count; i++) children.push(spawn("sleep", ["100001"], { stdio: "ignore" }));
await Promise.all(children.map((child) => child.pid ?? once(child, "spawn")));
const up = performance.now() - started;
await Promise.all(
  children.map((child) => {
    const ended = once(child, "exit");
    child.kill();
    return ended;
  }),
);
console.log(JSON.stringify({ up, down: performance.now() - started - up }));
