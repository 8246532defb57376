import { expect, it } from "vitest";
import { cannotListen } from "./cannot-listen.ts";

it.each([
  ["setInterval(() => console.log('work'), 1000)", true],
  ["import fs from 'node:fs';\nconst { join } = require('path')", true],
  ["import 'timers/promises'", true],
  ["", false],
  ["require('./server')", false],
  ["import express from 'express'", false],
  ["import { createServer } from 'node:http'", false],
  ["import net from 'net'", false],
  ["require(name)", false],
  ["await import(process.argv[2])", false],
  ["import { fork } from 'child_process'", false],
  ["Bun.serve({ fetch })", false],
  ["console.log(process.env.PORT)", false],
])("%j: %s", (source, harmless) => {
  expect(cannotListen(source)).toBe(harmless);
});
