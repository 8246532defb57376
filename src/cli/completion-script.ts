// Completion scripts for bash, zsh and fish: what a shell may offer behind `gantry`.
import { type Command, type CommandEntry, type Completion, GLOBAL_OPTIONS, type Options } from "./command.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

type Loaded = [CommandEntry, Command];

/** The script that teaches the shell. It asks `gantry ls --quiet` for the names of apps, and never starts a daemon. */
export const completionScript = (shell: Shell, commands: Loaded[]): string => WRITERS[shell](commands);

const APPS = "gantry ls --quiet 2>/dev/null";

const optionWords = (options: Options): string[] =>
  Object.entries(options).flatMap(([name, spec]) => [`--${name}`, ...(spec.short ? [`-${spec.short}`] : [])]);

const completionOf = ({ arguments: specs }: Command): Completion | undefined => specs.at(-1)?.complete;

function bash(commands: Loaded[]): string {
  const verbs = commands.flatMap(([entry]) => [entry.name, ...entry.aliases]);
  const cases = commands.map(([entry, command]) => {
    const names = [entry.name, ...entry.aliases].join("|");
    const words = optionWords({ ...command.options, ...GLOBAL_OPTIONS }).join(" ");
    return `    ${names}) options="${words}"; kind=${completionOf(command) ?? "none"} ;;`;
  });
  return `# gantry: completion for bash
_gantry() {
  local word="\${COMP_WORDS[COMP_CWORD]}" verb="" options="${optionWords(GLOBAL_OPTIONS).join(" ")}" kind=verb i
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ "\${COMP_WORDS[i]}" != -* ]]; then verb="\${COMP_WORDS[i]}"; break; fi
  done
  case "$verb" in
${cases.join("\n")}
  esac
  COMPREPLY=()
  if [[ "$word" == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
    return
  fi
  case "$kind" in
    verb) mapfile -t COMPREPLY < <(compgen -W "${verbs.join(" ")} help" -- "$word") ;;
    app) mapfile -t COMPREPLY < <(compgen -W "$(${APPS})" -- "$word") ;;
    shell) mapfile -t COMPREPLY < <(compgen -W "${SHELLS.join(" ")}" -- "$word") ;;
    path) compopt -o default ;;
  esac
}
complete -F _gantry gantry`;
}

/** Text inside single quotes of zsh and fish, where it may stand for itself. */
const plain = (text: string): string => text.replace(/['\\[\]:]/g, " ");

function zsh(commands: Loaded[]): string {
  const verbs = commands.flatMap(([entry]) =>
    [entry.name, ...entry.aliases].map((name) => `    '${name}:${plain(entry.summary)}'`),
  );
  const cases = commands.map(([entry, command]) => {
    const all: Options = { ...command.options, ...GLOBAL_OPTIONS };
    const options = Object.entries(all).flatMap(([name, spec]) => {
      const value = spec.type === "flag" ? "" : `:${plain(spec.value)}:`;
      const many = spec.type === "texts" ? "*" : "";
      return [`--${name}`, ...(spec.short ? [`-${spec.short}`] : [])].map(
        (word) => `'${many}${word}[${plain(spec.summary)}]${value}'`,
      );
    });
    const rest = {
      app: " '*:app:_gantry_apps'",
      path: " '*:path:_files'",
      shell: ` '1:shell:(${SHELLS.join(" ")})'`,
    };
    const kind = completionOf(command);
    return `    ${[entry.name, ...entry.aliases].join("|")}) _arguments ${options.join(" ")}${kind ? rest[kind] : ""} ;;`;
  });
  return `#compdef gantry
# gantry: completion for zsh
_gantry_apps() { local -a apps; apps=(\${(f)"$(${APPS})"}); compadd -a apps }
_gantry() {
  local -a verbs
  verbs=(
${verbs.join("\n")}
  )
  if (( CURRENT == 2 )); then _describe command verbs; return; fi
  local verb=$words[2]
  shift words; (( CURRENT-- ))
  case $verb in
${cases.join("\n")}
  esac
}
compdef _gantry gantry`;
}

function fish(commands: Loaded[]): string {
  const lines = ["# gantry: completion for fish", "complete -c gantry -f"];
  for (const [name, spec] of Object.entries(GLOBAL_OPTIONS as Options))
    lines.push(
      `complete -c gantry -l ${name}${spec.short ? ` -s ${spec.short}` : ""} -d '${plain(spec.summary)}'`,
    );
  for (const [entry, command] of commands) {
    const names = [entry.name, ...entry.aliases];
    for (const name of names)
      lines.push(`complete -c gantry -n __fish_use_subcommand -a ${name} -d '${plain(entry.summary)}'`);
    const seen = `-n '__fish_seen_subcommand_from ${names.join(" ")}'`;
    for (const [name, spec] of Object.entries(command.options)) {
      const short = spec.short ? ` -s ${spec.short}` : "";
      const value = spec.type === "flag" ? "" : " -x";
      lines.push(`complete -c gantry ${seen} -l ${name}${short}${value} -d '${plain(spec.summary)}'`);
    }
    const offers = { app: `-a '(${APPS})'`, path: "-F", shell: `-a '${SHELLS.join(" ")}'` };
    const kind = completionOf(command);
    if (kind) lines.push(`complete -c gantry ${seen} ${offers[kind]}`);
  }
  return lines.join("\n");
}

const WRITERS: Record<Shell, (commands: Loaded[]) => string> = { bash, zsh, fish };
