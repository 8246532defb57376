// Which build this program is.

/** Put in by scripts/build.ts; there is none where the source runs. */
declare const BUILD_STAMP: string;

/** `0.1.0+1763620701.ab12cd34`: version, time (epoch seconds) and hash of the build; `source` where nothing was built. */
export const buildStamp: string = typeof BUILD_STAMP === "string" ? BUILD_STAMP : "source";

/** Each answer of the API carries the stamp of its daemon in this header. */
export const STAMP_HEADER = "gantry-build";
