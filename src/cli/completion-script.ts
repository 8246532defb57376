// Completion scripts for bash, zsh and fish: what a shell may offer behind `gantry`.
import { type Command, type CommandEntry, type Completion, GLOBAL_OPTIONS, type Options } from "./command.ts";
import { NOUNS } from "./nouns.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

type Loaded = [CommandEntry, Command];

/**
 * The script that teaches the shell. It asks `gantry ls --quiet` for the names of apps, and never starts a daemon. `templates` are
 * the built-in ones; own ones are looked up.
 */
export const completionScript = (shell: Shell, commands: Loaded[], templates: string[] = []): string =>
  WRITERS[shell](commands, templates);

const APPS = "gantry ls --quiet 2>/dev/null";

/** The shell expands what it is offered: other names must not get there. */
const ownTemplates = (home: string): string =>
  `ls ${home}/templates 2>/dev/null | grep -E "^[A-Za-z0-9][A-Za-z0-9._-]*$"`;
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is for the shell
const HOME = '"${GANTRY_HOME:-$HOME/.gantry}"';

const optionWords = (options: Options): string[] =>
  Object.entries(options).flatMap(([name, spec]) => [`--${name}`, ...(spec.short ? [`-${spec.short}`] : [])]);

/** For each argument in its place; the last kind is for all further words where there may be many. */
const completionsOf = ({ arguments: specs }: Command): (Completion | "none")[] => {
  const kinds = specs.map(({ complete }) => complete ?? "none");
  return specs.at(-1)?.many ? kinds : [...kinds, "none"];
};

const isVerbOf = (noun: string, { name }: CommandEntry): boolean => name.startsWith(`${noun} `);

/** The verbs of a noun, as one types them behind it. */
const verbsOf = (noun: string, commands: Loaded[]): string[] =>
  commands.flatMap(([entry]) => (isVerbOf(noun, entry) ? [entry.name.slice(noun.length + 1)] : []));

/** What may be the first word: verbs, and nouns in place of theirs. */
const firstWords = (commands: Loaded[]): { name: string; summary: string }[] => [
  ...commands
    .filter(([{ name }]) => !name.includes(" "))
    .flatMap(([{ name, aliases, summary }]) => [name, ...aliases].map((each) => ({ name: each, summary }))),
  ...Object.entries(NOUNS).map(([name, summary]) => ({ name, summary })),
];

function bash(commands: Loaded[], templates: string[]): string {
  const nouns = Object.keys(NOUNS);
  const cases = [
    ...nouns.map((noun) => `    ${noun}) kinds=verb; verbs="${verbsOf(noun, commands).join(" ")}" ;;`),
    ...commands.map(([entry, command]) => {
      const names = [entry.name, ...entry.aliases].map((name) => name.replace(" ", "\\ ")).join("|");
      const words = optionWords({ ...command.options, ...GLOBAL_OPTIONS }).join(" ");
      return `    ${names}) options="${words}"; kinds="${completionsOf(command).join(" ")}" ;;`;
    }),
  ];
  const verbs = [...firstWords(commands).map(({ name }) => name), "help"].join(" ");
  return `# gantry: completion for bash
_gantry() {
  local word="\${COMP_WORDS[COMP_CWORD]}" verb="" options="${optionWords(GLOBAL_OPTIONS).join(" ")}"
  local kinds=verb kind verbs="${verbs}" at=0 i
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ "\${COMP_WORDS[i]}" == -* ]]; then continue; fi
    case "$verb" in
      "") verb="\${COMP_WORDS[i]}" ;;
      ${nouns.join("|")}) verb="$verb \${COMP_WORDS[i]}" ;;
      *) ((at++)) ;;
    esac
  done
  case "$verb" in
${cases.join("\n")}
  esac
  COMPREPLY=()
  if [[ "$word" == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
    return
  fi
  read -ra kinds <<<"$kinds"
  kind="\${kinds[at < \${#kinds[@]} ? at : \${#kinds[@]} - 1]}"
  case "$kind" in
    verb) mapfile -t COMPREPLY < <(compgen -W "$verbs" -- "$word") ;;
    app) mapfile -t COMPREPLY < <(compgen -W "$(${APPS})" -- "$word") ;;
    shell) mapfile -t COMPREPLY < <(compgen -W "${SHELLS.join(" ")}" -- "$word") ;;
    template) mapfile -t COMPREPLY < <(compgen -W "${templates.join(" ")} $(${ownTemplates(HOME)})" -- "$word") ;;
    path) compopt -o default ;;
  esac
}
complete -F _gantry gantry`;
}

/** Text inside single quotes of zsh and fish, where it may stand for itself. */
const plain = (text: string): string => text.replace(/['\\[\]:]/g, " ");

function zsh(commands: Loaded[], templates: string[]): string {
  const described = ({ name, summary }: { name: string; summary: string }) => `'${name}:${plain(summary)}'`;
  const verbs = firstWords(commands).map((each) => `    ${described(each)}`);
  const nouns = Object.keys(NOUNS).map((noun) => {
    const own = commands.flatMap(([entry]) => (isVerbOf(noun, entry) ? [entry] : []));
    const words = own.map((entry) => described({ ...entry, name: entry.name.slice(noun.length + 1) }));
    return `    ${noun}) verbs=(${words.join(" ")}) ;;`;
  });
  const cases = commands.map(([entry, command]) => {
    const all: Options = { ...command.options, ...GLOBAL_OPTIONS };
    const options = Object.entries(all).flatMap(([name, spec]) => {
      const value = spec.type === "flag" ? "" : `:${plain(spec.value)}:`;
      const many = spec.type === "texts" ? "*" : "";
      return [`--${name}`, ...(spec.short ? [`-${spec.short}`] : [])].map(
        (word) => `'${many}${word}[${plain(spec.summary)}]${value}'`,
      );
    });
    const action: Record<Completion | "none", string> = {
      app: "_gantry_apps",
      path: "_files",
      shell: `(${SHELLS.join(" ")})`,
      template: "_gantry_templates",
      none: " ",
    };
    const rest = command.arguments.map(
      ({ many, complete = "none" as const }, index) =>
        `'${many ? "*" : index + 1}:${complete}:${action[complete]}'`,
    );
    const names = [entry.name, ...entry.aliases].map((name) => (name.includes(" ") ? `'${name}'` : name));
    return `    ${names.join("|")}) _arguments ${[...options, ...rest].join(" ")} ;;`;
  });
  return `#compdef gantry
# gantry: completion for zsh
_gantry_apps() { local -a apps; apps=(\${(f)"$(${APPS})"}); compadd -a apps }
_gantry_templates() { local -a own; own=(\${(f)"$(${ownTemplates(HOME)})"}); compadd ${templates.join(" ")} -a own }
_gantry() {
  local -a verbs
  verbs=(
${verbs.join("\n")}
  )
  if (( CURRENT == 2 )); then _describe command verbs; return; fi
  local verb=$words[2]
  case $verb in
    ${Object.keys(NOUNS).join("|")})
      case $verb in
${nouns.join("\n")}
      esac
      if (( CURRENT == 3 )); then _describe command verbs; return; fi
      verb="$verb $words[3]"
      shift words; (( CURRENT-- )) ;;
  esac
  shift words; (( CURRENT-- ))
  case $verb in
${cases.join("\n")}
  esac
}
compdef _gantry gantry`;
}

function fish(commands: Loaded[], templates: string[]): string {
  const lines = ["# gantry: completion for fish", "complete -c gantry -f"];
  for (const [name, spec] of Object.entries(GLOBAL_OPTIONS as Options))
    lines.push(
      `complete -c gantry -l ${name}${spec.short ? ` -s ${spec.short}` : ""} -d '${plain(spec.summary)}'`,
    );
  for (const { name, summary } of firstWords(commands))
    lines.push(`complete -c gantry -n __fish_use_subcommand -a ${name} -d '${plain(summary)}'`);
  for (const [entry, command] of commands) {
    const [noun = "", verb] = entry.name.split(" ");
    const from = "__fish_seen_subcommand_from";
    let seen = `-n '${from} ${[entry.name, ...entry.aliases].join(" ")}'`;
    if (verb !== undefined) {
      const open = `-n '${from} ${noun}; and not ${from} ${verbsOf(noun, commands).join(" ")}'`;
      lines.push(`complete -c gantry ${open} -a ${verb} -d '${plain(entry.summary)}'`);
      seen = `-n '${from} ${noun}; and ${from} ${verb}'`;
    }
    for (const [name, spec] of Object.entries(command.options)) {
      const short = spec.short ? ` -s ${spec.short}` : "";
      const value = spec.type === "flag" ? "" : " -x";
      lines.push(`complete -c gantry ${seen} -l ${name}${short}${value} -d '${plain(spec.summary)}'`);
    }
    const own = ownTemplates("(set -q GANTRY_HOME; and echo $GANTRY_HOME; or echo ~/.gantry)");
    const offers = {
      app: `-a '(${APPS})'`,
      path: "-F",
      shell: `-a '${SHELLS.join(" ")}'`,
      template: `-a '${templates.join(" ")} (${own})'`,
      none: "",
    };
    for (const kind of new Set(completionsOf(command)))
      if (kind !== "none") lines.push(`complete -c gantry ${seen} ${offers[kind]}`);
  }
  return lines.join("\n");
}

const WRITERS: Record<Shell, (commands: Loaded[], templates: string[]) => string> = { bash, zsh, fish };
