// The programs that tests need besides npm's packages: found, or installed where that is possible without asking.
import { spawnSync } from "node:child_process";

interface Tool {
  name: string;
  /** Ends with status 0 where the tool is usable. */
  probe: [command: string, ...args: string[]];
  /** Debian's package. */
  package: string;
}

const TOOLS: Tool[] = [
  { name: "python3", probe: ["python3", "--version"], package: "python3" },
  { name: "venv with pip", probe: ["python3", "-c", "import venv, ensurepip"], package: "python3-venv" },
  { name: "git", probe: ["git", "--version"], package: "git" },
  { name: "fallocate", probe: ["fallocate", "--version"], package: "util-linux" },
];

const works = ([command, ...args]: Tool["probe"]): boolean =>
  spawnSync(command, args, { stdio: "ignore" }).status === 0;

function aptGet(args: string[]): void {
  spawnSync("apt-get", ["-q", "-y", ...args], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
}

/** One line for each tool that is missing and could not be installed; as root on Debian it tries apt-get first. */
export function missingTools(): string[] {
  const missing = TOOLS.filter((tool) => !works(tool.probe));
  if (missing.length === 0) return [];
  if (process.getuid?.() === 0 && works(["apt-get", "--version"])) {
    aptGet(["update"]);
    aptGet(["install", "--no-install-recommends", ...missing.map((tool) => tool.package)]);
  }
  return missing
    .filter((tool) => !works(tool.probe))
    .map((tool) => `The tests need ${tool.name}. On Debian and Ubuntu: sudo apt-get install ${tool.package}`);
}
