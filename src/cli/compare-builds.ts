// Which of two builds is newer.

const STAMP = /^(\d+)\.(\d+)\.(\d+)(-[^+]+)?\+(\d+)\.(\w+)$/;

/**
 * Stamps as in `lib/build-stamp.ts`: negative when `one` is older than `other`, positive when it is newer, 0 for the same
 * build and where one of them runs from source. "" is a daemon from before stamps. Builds of one version go by their time;
 * their hashes decide a draw, so that two programs never take turns in replacing each other's daemon.
 */
export function compareBuilds(one: string, other: string): number {
  const [a, b] = [read(one), read(other)];
  if (a === null || b === null) return 0;
  for (const [index, part] of a.entries()) {
    const against = b[index] ?? "";
    if (part !== against) return part < against ? -1 : 1;
  }
  return 0;
}

/** Values that compare one by one; null where nothing is known. A pre-release comes before its release. */
function read(stamp: string): (number | string)[] | null {
  if (stamp === "") return [-1];
  const match = STAMP.exec(stamp);
  if (match === null) return null;
  const [, major, minor, patch, pre, seconds, hash = ""] = match;
  const [first, second, third, time] = [major, minor, patch, seconds].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  return [first, second, third, pre === undefined ? 1 : 0, numbersAligned(pre ?? ""), time, hash];
}

/** `-rc.10` comes after `-rc.9`. */
const numbersAligned = (text: string): string =>
  text.replaceAll(/\d+/g, (digits) => digits.padStart(12, "0"));

/** A build in as few words as tell it from the other one. */
export function nameBuild(stamp: string, other: string): string {
  const version = (text: string) => text.replace(/\+.*$/, "");
  return stamp !== "" && version(stamp) !== version(other) ? version(stamp) : stamp;
}
