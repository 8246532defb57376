// Makes one sentence of what npm, pnpm or yarn printed when an installation failed.

const NETWORK = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRESET|ENETUNREACH|ERR_SOCKET_TIMEOUT/;

/** The best sentence for the last lines of output; `manager` is the program's name. */
export function explainNode(lines: readonly string[], manager: string): string {
  const text = lines.map((line) => line.replace(/^npm (?:ERR!|error) ?/, "")).join("\n");
  return (
    known(text) ?? network(text) ?? version(text) ?? script(text) ?? `${manager} failed: ${lastError(lines)}`
  );
}

function known(text: string): string | null {
  if (/ENOSPC|no space left on device/i.test(text))
    return "the disk is full: the dependencies could not be installed";
  if (/can only install packages when your package\.json and .* are in sync/.test(text))
    return "package-lock.json does not fit package.json: run npm install and keep the new lock file";
  if (/ERR_PNPM_OUTDATED_LOCKFILE/.test(text))
    return "pnpm-lock.yaml does not fit package.json: run pnpm install and keep the new lock file";
  if (/Your lockfile needs to be updated|YN0028|lockfile would have been modified/i.test(text))
    return "yarn.lock does not fit package.json: run yarn install and keep the new lock file";
  const broken = /EJSONPARSE[\s\S]*?(?:path|file)\s+(\S+)/.exec(text)?.[1];
  if (broken) return `${broken.split("/").at(-1)} is no valid JSON`;
  const unsupported = /EBADENGINE[\s\S]*?Not compatible with your version of node\/npm: (\S+)/.exec(
    text,
  )?.[1];
  return unsupported ? `${unsupported} does not support this machine's version of Node` : null;
}

function network(text: string): string | null {
  if (!NETWORK.test(text)) return null;
  const host = /https?:\/\/(?:[^/\s@]*@)?([^/\s'"@]+)(?:\/|\s|$)/.exec(text)?.[1];
  return `no network: could not reach the package registry${host ? ` at ${host}` : ""}`;
}

function version(text: string): string | null {
  const target = /No matching version found for ([^\s,]+?)\.?(?:\s|$)/.exec(text)?.[1];
  if (target) return `package.json: no version of ${target} exists`;
  const missing =
    /404\s+(?:Not Found\s+)?.*?['"]?((?:@[\w.-]+\/)?[\w.-]+@[^\s'"]+)['"]? is not in (?:this|the npm) registry/.exec(
      text,
    )?.[1] ??
    /404 Not Found - GET \S*\/((?:@|%40)?[\w.%-]+)(?:\s|$)/.exec(text)?.[1] ??
    /([^\s"]+): Not found|Couldn't find package "([^"]+)"/.exec(text)?.slice(1).find(Boolean);
  if (missing) return `package.json: there is no package ${decode(missing)}`;
  const conflict = /Could not resolve dependency:\n(?:peer )?(.+)/.exec(text)?.[1];
  return conflict ? `package.json: the versions contradict each other: ${conflict.trim()}` : null;
}

function script(text: string): string | null {
  return dependencyScript(text) ?? ownScript(text);
}

/** A script of the project's own package.json: its name, its status and what it said last. */
function ownScript(text: string): string | null {
  const name = /^> (?:\S+@\S+ )?(\w+)$/m.exec(text)?.[1];
  if (!name || !/^command failed$|ELIFECYCLE|^Lifecycle script/m.test(text)) return null;
  const status = /^code (\d+)$|exit code (\d+)/im.exec(text)?.slice(1).find(Boolean);
  const said = text
    .slice(text.indexOf(`${name}\n`) + name.length)
    .split(/\n(?:code |path |command failed|.?ELIFECYCLE|Lifecycle script)/)[0]
    ?.split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^(?:> |at |npm warn)/.test(line));
  const last = said?.find((line) => /error/i.test(line)) ?? said?.at(-1);
  const ended = `package.json: the script ${name} failed${status ? ` with exit code ${status}` : ""}`;
  return last === undefined ? ended : `${ended}: ${last.slice(0, 200)}`;
}

function dependencyScript(text: string): string | null {
  const path = /^path .*\/node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\s*$/m.exec(text)?.[1];
  if (!path || !/command failed|gyp ERR!/i.test(text)) return null;
  const tool = /gyp ERR! (?:stack Error: )?(?:not found: (\S+)|find (Python))/.exec(text);
  const why = tool
    ? `it needs ${tool[1] ?? tool[2]}`
    : (/gyp ERR! stack Error: (.{1,120})/.exec(text)?.[1] ?? "its install script failed");
  return `${path} failed to build: ${why}`;
}

const decode = (name: string): string => name.replaceAll("%2f", "/").replaceAll("%40", "@");

function lastError(lines: readonly string[]): string {
  const plain = lines
    .map((line) => line.replace(/^npm (?:ERR!|error) ?/, "").trim())
    .filter(
      (line) => line !== "" && !/^(?:code |errno |A complete log|syscall |path |notice|at )/.test(line),
    );
  return (plain.find((line) => /error|ERR_/i.test(line)) ?? plain.at(-1) ?? "no output").slice(0, 300);
}
