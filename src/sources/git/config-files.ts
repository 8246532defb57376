// What git and ssh are configured with: all of it, for nothing of the system's or the person's is read.
import type { GitLocation } from "../../domain/git-url.ts";
import type { GitCredential } from "../../domain/source.ts";

/** Names within the workplace, where git and ssh run: so no path needs quoting. */
export const CREDENTIALS = "credentials";
export const KEY = "key";
export const KNOWN_HOSTS = "known_hosts";
export const SSH_CONFIG = "ssh_config";

/** Below this many bytes a second for as many seconds, a transfer over http is given up. */
const LOW_SPEED = { bytes: 500, seconds: 60 };

/** The text of `.gitconfig`. Nothing in it runs a program but ssh and git's own store of credentials. */
export function gitConfig(url: string): string {
  return `[core]
\thooksPath = /dev/null
\tfsmonitor = false
\tattributesFile = /dev/null
\texcludesFile = /dev/null
\tsymlinks = false
\tpager = cat
\taskPass =
\tbigFileThreshold = 4m
\tpackedGitWindowSize = 16m
\tpackedGitLimit = 64m
\tsshCommand = ssh -F ${SSH_CONFIG}
[ssh]
\tvariant = ssh
[credential]
\thelper =
\thelper = store --file=${CREDENTIALS}
[http]
\tfollowRedirects = initial
\tsslVerify = true
\tlowSpeedLimit = ${LOW_SPEED.bytes}
\tlowSpeedTime = ${LOW_SPEED.seconds}
[protocol]
\tversion = 2
[transfer]
\tbundleURI = false
\tcredentialsInUrl = die
[fetch]
\trecurseSubmodules = false
\tunpackLimit = 1
\twriteCommitGraph = false
[submodule]
\trecurse = false
[gc]
\tauto = 0
[maintenance]
\tauto = false
[log]
\tshowSignature = false
\tmailmap = false
[i18n]
\tlogOutputEncoding = UTF-8
[remote "origin"]
\turl = "${url.replaceAll(/["\\]/g, "\\$&")}"
\ttagOpt = --no-tags
`;
}

/**
 * Without the credential's key only the default keys and the agent of the person remain, and only where `personal` allows them. The
 * first file of known hosts takes up new ones; a host whose key changed is refused.
 */
export function sshConfig(personal: boolean): string {
  const keys = personal
    ? `UserKnownHostsFile ${KNOWN_HOSTS} ~/.ssh/known_hosts`
    : `UserKnownHostsFile ${KNOWN_HOSTS}\nIdentitiesOnly yes\nIdentityFile ${KEY}\nIdentityAgent none`;
  return `Host *
${keys}
BatchMode yes
PreferredAuthentications publickey
StrictHostKeyChecking accept-new
UpdateHostKeys no
ConnectTimeout 30
ServerAliveInterval 15
ServerAliveCountMax 4
ForwardAgent no
ForwardX11 no
ClearAllForwardings yes
PermitLocalCommand no
ProxyCommand none
ControlMaster no
ControlPath none
RequestTTY no
LogLevel ERROR
`;
}

/** One line for `git credential-store`, which hands it out for this protocol and host only, wherever a server redirects to. */
export function credentialLine(
  { url }: GitLocation,
  { username, password }: Extract<GitCredential, { type: "token" }>,
): string {
  const [scheme, authority] = /^(https?):\/\/([^/]+)/.exec(url)?.slice(1) ?? [];
  return `${scheme}://${encodeURIComponent(username)}:${encodeURIComponent(password)}@${authority}\n`;
}
