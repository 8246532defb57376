// Generated from openapi.json by npm run openapi. Not to be edited.
export interface paths {
    "/api/apps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All apps, by name */
        get: {
            parameters: {
                query?: {
                    state?: components["schemas"]["State"];
                    /** @description Part of the name */
                    name?: string;
                    /** @description Those that were deleted, instead of those that were not */
                    deleted?: "true" | "false";
                    /** @description summary: only the fields of a list */
                    view?: "full" | "summary";
                    /** @description Only these fields, between commas; instead of view */
                    fields?: string;
                    limit?: number;
                    /** @description nextCursor of the page before */
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            apps: (components["schemas"]["App"] | components["schemas"]["AppSummary"] | {
                                id?: string;
                                name?: string;
                                state?: components["schemas"]["State"];
                                /** @description Why it is in this state, where that is not plain */
                                reason?: string | null;
                                /** @description When a backing-off app is tried again */
                                nextTryAt?: string | null;
                                enabled?: boolean;
                                /** @enum {string} */
                                engine?: "process" | "compose" | "docker" | "swarm" | "kubernetes" | "memory";
                                framework?: string | null;
                                path?: string;
                                port?: number | null;
                                pid?: number | null;
                                url?: string | null;
                                /** @description Number of the release that serves */
                                release?: number | null;
                                /** @description Unasked-for ends of instances since the last start by a person */
                                restarts?: number;
                                /** @enum {string} */
                                health?: "healthy" | "unhealthy" | "starting" | "none";
                                lastStartedAt?: string | null;
                                /** @description The start of the run that serves */
                                runningSince?: string | null;
                                /** @description Settings that changed since the instances were started; env.NAME, secrets.NAME */
                                notApplied?: string[];
                                source?: {
                                    /** @enum {string} */
                                    type: "folder";
                                    path: string;
                                } | {
                                    /** @enum {string} */
                                    type: "archive";
                                    filename: string | null;
                                } | {
                                    /** @enum {string} */
                                    type: "git";
                                    url: string;
                                    ref: string | null;
                                    subfolder: string;
                                } | {
                                    /** @enum {string} */
                                    type: "files";
                                };
                                toolchain?: ("python" | "node" | "static" | "command" | "dockerfile") | null;
                                /** @description The command line that runs; null for static apps */
                                run?: string | null;
                                entry?: string | null;
                                host?: string | null;
                                urls?: string[];
                                instances?: components["schemas"]["Instance"][];
                                latestRelease?: number | null;
                                replicas?: {
                                    min: number;
                                    max: number;
                                };
                                /** @description Names of its secrets */
                                secrets?: string[];
                                /** @description live: the linked folder, as it lies there; tree: a copy that Gantry keeps */
                                code?: ("live" | "tree") | null;
                                /** @description The newest one */
                                deployment?: {
                                    id: string;
                                    /** @enum {string} */
                                    state: "building" | "starting" | "done" | "failed" | "cancelled" | "superseded";
                                    reason: string | null;
                                } | null;
                                /** @description Code that was saved and is not deployed */
                                draft?: {
                                    /** @description ISO 8601, UTC */
                                    savedAt: string;
                                    author: string;
                                } | null;
                                /** @description ISO 8601, UTC */
                                createdAt?: string;
                                /** @description ISO 8601, UTC */
                                updatedAt?: string;
                                /** @description The last output of a failed app; only in a single app's view */
                                lastLines?: string[];
                            })[];
                            /** @description null on the last page */
                            nextCursor: string | null;
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Registers a folder as an app; starts nothing */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RegisterApp"];
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            app: components["schemas"]["App"];
                            detection: components["schemas"]["Detection"];
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/app-columns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Fields of all apps, by name, field by field: short where apps are many */
        get: {
            parameters: {
                query: {
                    state?: components["schemas"]["State"];
                    /** @description Part of the name */
                    name?: string;
                    /** @description Those that were deleted, instead of those that were not */
                    deleted?: "true" | "false";
                    /** @description The fields, between commas */
                    fields: string;
                    limit?: number;
                    /** @description nextCursor of the page before */
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description By field, the values of all apps; the same place in each list is the same app */
                            columns: {
                                id?: string[];
                                name?: string[];
                                state?: components["schemas"]["State"][];
                                reason?: (string | null)[];
                                nextTryAt?: (string | null)[];
                                enabled?: boolean[];
                                engine?: ("process" | "compose" | "docker" | "swarm" | "kubernetes" | "memory")[];
                                framework?: (string | null)[];
                                path?: string[];
                                port?: (number | null)[];
                                pid?: (number | null)[];
                                url?: (string | null)[];
                                release?: (number | null)[];
                                restarts?: number[];
                                health?: ("healthy" | "unhealthy" | "starting" | "none")[];
                                lastStartedAt?: (string | null)[];
                                runningSince?: (string | null)[];
                                notApplied?: string[][];
                                source?: ({
                                    /** @enum {string} */
                                    type: "folder";
                                    path: string;
                                } | {
                                    /** @enum {string} */
                                    type: "archive";
                                    filename: string | null;
                                } | {
                                    /** @enum {string} */
                                    type: "git";
                                    url: string;
                                    ref: string | null;
                                    subfolder: string;
                                } | {
                                    /** @enum {string} */
                                    type: "files";
                                })[];
                                toolchain?: (("python" | "node" | "static" | "command" | "dockerfile") | null)[];
                                run?: (string | null)[];
                                entry?: (string | null)[];
                                host?: (string | null)[];
                                urls?: string[][];
                                instances?: components["schemas"]["Instance"][][];
                                latestRelease?: (number | null)[];
                                replicas?: {
                                    min: number;
                                    max: number;
                                }[];
                                secrets?: string[][];
                                code?: (("live" | "tree") | null)[];
                                deployment?: ({
                                    id: string;
                                    /** @enum {string} */
                                    state: "building" | "starting" | "done" | "failed" | "cancelled" | "superseded";
                                    reason: string | null;
                                } | null)[];
                                draft?: ({
                                    /** @description ISO 8601, UTC */
                                    savedAt: string;
                                    author: string;
                                } | null)[];
                                createdAt?: string[];
                                updatedAt?: string[];
                                lastLines?: string[][];
                            };
                            /** @description null on the last page */
                            nextCursor: string | null;
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/start-all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Starts all apps that are enabled */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            apps: components["schemas"]["App"][];
                            /** @description Those that can't start */
                            failed: {
                                name: string;
                                message: string;
                            }[];
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/stop-all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stops all apps; with force whatever their hooks say */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /**
                         * @description Go on where Gantry would refuse for safety
                         * @default false
                         */
                        force?: boolean;
                    };
                };
            };
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            apps: components["schemas"]["App"][];
                            /** @description Those that can't start */
                            failed: {
                                name: string;
                                message: string;
                            }[];
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/upload/zip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a ZIP archive and deploys it */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "multipart/form-data": {
                        /**
                         * Format: binary
                         * @description A ZIP archive
                         */
                        file: string;
                        /** @description Id or name of the app that gets the code; else a new one */
                        app?: string;
                        /** @description Name of the new app; default: the file's name */
                        name?: string;
                        /** @description The folder in it that is the app */
                        subfolder?: string;
                        /** @description Of the new app: JSON, as in gantry.yaml */
                        config?: string;
                        message?: string;
                        /**
                         * @default true
                         * @enum {string}
                         */
                        start?: "true" | "false";
                        /**
                         * @default true
                         * @enum {string}
                         */
                        deploy?: "true" | "false";
                    };
                };
            };
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            app: components["schemas"]["App"];
                            /** @description null with deploy: false */
                            deployment: components["schemas"]["Deployment"] | null;
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/upload/git": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a repository and deploys it */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Id or name of the app that gets the code; else a new one */
                        app?: string;
                        /** @description Name of the new app */
                        name?: string;
                        /** @description Of the new app, as in gantry.yaml */
                        config?: {
                            [key: string]: unknown;
                        };
                        /**
                         * @description What it is about
                         * @default null
                         */
                        message?: string | null;
                        /**
                         * @description Start the app
                         * @default true
                         */
                        start?: boolean;
                        /**
                         * @description false: a new app is only registered, with the code as its draft
                         * @default true
                         */
                        deploy?: boolean;
                        /** @description https, ssh or a folder of this machine */
                        url: string;
                        /**
                         * @description Branch, tag or commit; null: the default branch
                         * @default null
                         */
                        ref?: string | null;
                        /**
                         * @description The folder in it that is the app
                         * @default
                         */
                        subfolder?: string;
                        /**
                         * @description Kept encrypted, never shown
                         * @default null
                         */
                        credential?: ({
                            /** @default  */
                            username?: string;
                            password: string;
                        } | {
                            privateKey: string;
                        }) | null;
                    };
                };
            };
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            app: components["schemas"]["App"];
                            /** @description null with deploy: false */
                            deployment: components["schemas"]["Deployment"] | null;
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/upload/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes files of code and deploys them */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Id or name of the app that gets the code; else a new one */
                        app?: string;
                        /** @description Name of the new app */
                        name?: string;
                        /** @description Of the new app, as in gantry.yaml */
                        config?: {
                            [key: string]: unknown;
                        };
                        /**
                         * @description What it is about
                         * @default null
                         */
                        message?: string | null;
                        /**
                         * @description Start the app
                         * @default true
                         */
                        start?: boolean;
                        /**
                         * @description false: a new app is only registered, with the code as its draft
                         * @default true
                         */
                        deploy?: boolean;
                        /** @description By path within the code */
                        files: {
                            [key: string]: string | {
                                text?: string;
                                /** @description For what is no text */
                                base64?: string;
                                executable?: boolean;
                            };
                        };
                    };
                };
            };
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            app: components["schemas"]["App"];
                            /** @description null with deploy: false */
                            deployment: components["schemas"]["Deployment"] | null;
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deploy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Deploys a copy of a folder; registers it when it is new */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * Format: starts_with
                         * @description A folder, or a manifest
                         */
                        path: string;
                        /** @description Which app of the manifest or folder; the name of a new one */
                        name?: string;
                        /**
                         * @description What it is about
                         * @default null
                         */
                        message?: string | null;
                        /**
                         * @description Start the app if it does not run
                         * @default true
                         */
                        start?: boolean;
                    };
                };
            };
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            app: components["schemas"]["App"];
                            deployment: components["schemas"]["Deployment"];
                            /** @description Is it a new app? */
                            created: boolean;
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Templates for new apps: built-in ones and own ones */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            templates: components["schemas"]["Template"][];
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/new": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes an app from a template and deploys it */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewApp"];
                };
            };
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            app: components["schemas"]["App"];
                            /** @description null with a folder and start: false */
                            deployment: components["schemas"]["Deployment"] | null;
                            folder: string | null;
                            /** @description Paths of the app's files */
                            files: string[];
                            /** @description Secrets that a person needs, this once; nothing shows them again */
                            passwords: {
                                [key: string]: string;
                            };
                            /** @description Which one it was; of a repository with the commit */
                            template: string;
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/draft": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Its draft, else the code that is deployed */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Draft"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Saves code as the draft: these files and no others */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description By path within the code */
                        files: {
                            [key: string]: string | {
                                text?: string;
                                /** @description For what is no text */
                                base64?: string;
                                executable?: boolean;
                            };
                        };
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Draft"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        /** Back to the code that is deployed */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Draft"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Changes files of the draft; what is not named stays */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description By path; null removes a file */
                        files: {
                            [key: string]: (string | {
                                text?: string;
                                /** @description For what is no text */
                                base64?: string;
                                executable?: boolean;
                            }) | null;
                        };
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Draft"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/apps/{id}/deploy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a release and lets it take over */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /**
                         * Format: starts_with
                         * @description A copy of this folder; else the draft, else the app's source
                         */
                        path?: string;
                        /**
                         * @description The linked folder as it lies there, without a copy
                         * @default false
                         */
                        live?: boolean;
                        /**
                         * @description What it is about
                         * @default null
                         */
                        message?: string | null;
                        /**
                         * @description Start the app if it does not run
                         * @default true
                         */
                        start?: boolean;
                    };
                };
            };
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Deployment"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Back to the release that was good before this one */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /**
                         * @description Variables and secrets as they were then, too
                         * @default false
                         */
                        withEnv?: boolean;
                        /**
                         * @description What it is about
                         * @default null
                         */
                        message?: string | null;
                        /**
                         * @description Start the app if it does not run
                         * @default false
                         */
                        start?: boolean;
                    };
                };
            };
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Deployment"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/rollback/{n}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Back to a release that is kept */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                    /** @description Number of the release */
                    n: number;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /**
                         * @description Variables and secrets as they were then, too
                         * @default false
                         */
                        withEnv?: boolean;
                        /**
                         * @description What it is about
                         * @default null
                         */
                        message?: string | null;
                        /**
                         * @description Start the app if it does not run
                         * @default false
                         */
                        start?: boolean;
                    };
                };
            };
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Deployment"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deployments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Deployments of all apps */
        get: {
            parameters: {
                query?: {
                    /** @description Id or name */
                    app?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Newest first */
                            deployments: components["schemas"]["Deployment"][];
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/deployments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Its deployments */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Newest first */
                            deployments: components["schemas"]["Deployment"][];
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deployments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One deployment, with its stages */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id of the deployment */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Deployment"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deployments/{id}/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All that its fetch and build printed */
        get: {
            parameters: {
                query?: {
                    /** @description So many bytes are left out: for who has them already */
                    from?: number;
                };
                header?: never;
                path: {
                    /** @description Id of the deployment */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Text */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deployments/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends a deployment that is under way; the release before goes on */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id of the deployment */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Deployment"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Its releases, newest first */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            releases: components["schemas"]["Release"][];
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/versions/{n}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One release */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                    /** @description Number of the release */
                    n: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Release"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/versions/{n}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What it changed */
        get: {
            parameters: {
                query?: {
                    /** @description The older release; the one before it when left out */
                    with?: number;
                };
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                    /** @description Number of the release */
                    n: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            from: number | null;
                            to: number;
                            changes: {
                                path: string;
                                /** @enum {string} */
                                change: "added" | "removed" | "changed";
                                /** @description Unified; null for binary and very large files */
                                diff: string | null;
                            }[];
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/versions/{n}/pin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keeps a release for good */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                    /** @description Number of the release */
                    n: number;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Release"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/versions/{n}/unpin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets a release go when its time has come */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                    /** @description Number of the release */
                    n: number;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Release"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The files of the draft or of a release */
        get: {
            parameters: {
                query?: {
                    /** @description Number of a release; the draft when left out */
                    release?: number;
                };
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            tree: string;
                            subfolder: string;
                            bytes: number;
                            files: {
                                path: string;
                                bytes: number;
                                /** @description SHA-256 of the content */
                                hash: string;
                                executable: boolean;
                            }[];
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/files/{*}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The content of one file */
        get: {
            parameters: {
                query?: {
                    /** @description Number of a release; the draft when left out */
                    release?: number;
                };
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                    /** @description Path of the file */
                    "*": string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description As it was stored */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": string;
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/clone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A new app with its code, configuration and variables; it does not run yet */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Name of the clone */
                        name: string;
                        /**
                         * @description Its code; null: the draft, else what is deployed
                         * @default null
                         */
                        release?: number | null;
                        /**
                         * @description With secrets and the repository's credential
                         * @default false
                         */
                        withSecrets?: boolean;
                    };
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["App"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What is wrong with its draft, or with what an editor holds; nothing is saved */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @description What is not saved yet, over the draft; null removes a file */
                        files?: {
                            [key: string]: (string | {
                                text?: string;
                                /** @description For what is no text */
                                base64?: string;
                                executable?: boolean;
                            }) | null;
                        };
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Validation"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What is wrong with code that belongs to no app yet; nothing is saved */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description By path within the code */
                        files?: {
                            [key: string]: string | {
                                text?: string;
                                /** @description For what is no text */
                                base64?: string;
                                executable?: boolean;
                            };
                        };
                        /** @description Instead of files: an absolute folder */
                        path?: string;
                        /** @default null */
                        run?: string | null;
                        /** @default null */
                        entry?: string | null;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Validation"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One app */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["App"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Replaces the configuration; what is not given is reset */
        put: {
            parameters: {
                query?: {
                    /** @description Go on where Gantry would refuse for safety */
                    force?: "true" | "false";
                    /** @description Texts are as a person typed them: read as in gantry.yaml, not as JSON */
                    typed?: "true" | "false";
                };
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PutApp"];
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["App"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        /** Unregisters an app; its folder stays */
        delete: {
            parameters: {
                query?: {
                    /** @description Also while it is running: it is stopped first */
                    force?: "true" | "false";
                    /** @description With its releases, logs and data; else it can be undeleted */
                    purge?: "true" | "false";
                };
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Changes what is given; null resets a setting */
        patch: {
            parameters: {
                query?: {
                    /** @description Go on where Gantry would refuse for safety */
                    force?: "true" | "false";
                    /** @description Texts are as a person typed them: read as in gantry.yaml, not as JSON */
                    typed?: "true" | "false";
                };
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PatchApp"];
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["App"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/apps/{id}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Starts it, after a build when one is needed */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /**
                         * @description Go on where Gantry would refuse for safety
                         * @default false
                         */
                        force?: boolean;
                    };
                };
            };
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["App"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stops it; with force whatever its hook says */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /**
                         * @description Go on where Gantry would refuse for safety
                         * @default false
                         */
                        force?: boolean;
                    };
                };
            };
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["App"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/restart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replaces its instances without a gap where that is possible */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /**
                         * @description Go on where Gantry would refuse for safety
                         * @default false
                         */
                        force?: boolean;
                    };
                };
            };
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["App"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/install": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Builds it without starting it */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["App"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/undelete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Brings a deleted app back, stopped; by its id or name */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["App"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets it be started */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["App"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Keeps it from being started */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /**
                         * @description Go on where Gantry would refuse for safety
                         * @default false
                         */
                        force?: boolean;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["App"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Its state, with the last output where it failed */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["App"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Its configuration */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AppConfig"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Checks it now */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            healthy: boolean;
                            instances: {
                                id: string;
                                healthy: boolean;
                                message: string | null;
                                ms: number;
                            }[];
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/env": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Its variables */
        get: {
            parameters: {
                query?: {
                    /** @description dotenv: text that an import reads back exactly */
                    format?: "json" | "dotenv";
                };
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            [key: string]: string;
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Replaces all variables */
        put: {
            parameters: {
                query?: {
                    /** @description Go on where Gantry would refuse for safety */
                    force?: "true" | "false";
                };
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        [key: string]: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["App"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        /** Removes all variables */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Sets and removes some variables */
        patch: {
            parameters: {
                query?: {
                    /** @description Go on where Gantry would refuse for safety */
                    force?: "true" | "false";
                };
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            /** @description What is named is set, or removed with null; all else stays */
            requestBody: {
                content: {
                    "application/json": {
                        [key: string]: string | null;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["App"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/apps/{id}/env/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One variable */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                    /** @description Name of the variable */
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: string;
                            value: string;
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Sets one variable */
        put: {
            parameters: {
                query?: {
                    /** @description Go on where Gantry would refuse for safety */
                    force?: "true" | "false";
                };
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                    /** @description Name of the variable */
                    key: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Any text without NUL, up to 128 KiB */
                        value: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["App"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        /** Removes one variable */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                    /** @description Name of the variable */
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Names of its secrets; the values are masked */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            [key: string]: string;
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Replaces all secrets */
        put: {
            parameters: {
                query?: {
                    /** @description Go on where Gantry would refuse for safety */
                    force?: "true" | "false";
                };
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        [key: string]: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["App"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        /** Removes all secrets */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        /** Sets and removes some secrets */
        patch: {
            parameters: {
                query?: {
                    /** @description Go on where Gantry would refuse for safety */
                    force?: "true" | "false";
                };
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            /** @description What is named is set, or removed with null; all else stays */
            requestBody: {
                content: {
                    "application/json": {
                        [key: string]: string | null;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["App"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/apps/{id}/secrets/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether there is this secret; its value is masked */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                    /** @description Name of the variable */
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: string;
                            value: string;
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Sets one secret */
        put: {
            parameters: {
                query?: {
                    /** @description Go on where Gantry would refuse for safety */
                    force?: "true" | "false";
                };
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                    /** @description Name of the variable */
                    key: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Any text without NUL, up to 128 KiB */
                        value: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["App"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        /** Removes one secret */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                    /** @description Name of the variable */
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/env/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes over what a .env file sets; all else stays */
        post: {
            parameters: {
                query?: {
                    /** @description Go on where Gantry would refuse for safety */
                    force?: "true" | "false";
                };
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description What is in the .env file */
                        text: string;
                        /**
                         * @description Its name, for messages
                         * @default .env
                         */
                        file?: string;
                        /**
                         * @description What the variables become
                         * @default env
                         * @enum {string}
                         */
                        kind?: "env" | "secrets";
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            app: components["schemas"]["App"];
                            /** @description What the file sets */
                            names: string[];
                            /** @description What was left out, and why */
                            warnings: string[];
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/rescan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Looks at the folder again and tells what would change */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /**
                         * @description Take the changes over; else they are only shown
                         * @default false
                         */
                        apply?: boolean;
                        /**
                         * @description Also while it is running
                         * @default false
                         */
                        force?: boolean;
                    };
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            changes: {
                                field: string;
                                from: string | null;
                                to: string | null;
                            }[];
                            running: boolean;
                            applied: boolean;
                            warnings: string[];
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/import-yaml": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Registers or updates the apps of a file by name; starts nothing */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            /** @description JSON, or the text itself as text/yaml */
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * Format: starts_with
                         * @description A file on this machine
                         */
                        path: string;
                    } | {
                        text: string;
                        /** @description The file's name */
                        name?: string;
                    } | string;
                    "text/yaml": {
                        /**
                         * Format: starts_with
                         * @description A file on this machine
                         */
                        path: string;
                    } | {
                        text: string;
                        /** @description The file's name */
                        name?: string;
                    } | string;
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            created: string[];
                            updated: string[];
                            warnings: string[];
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Apps as a gantry.yaml */
        get: {
            parameters: {
                query?: {
                    app?: string | string[];
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/yaml": string;
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Registers or updates what the paths name, and starts it */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Up"];
                };
            };
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            apps: components["schemas"]["App"][];
                            warnings: string[];
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/down": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stops the apps that the paths name */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Down"];
                };
            };
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            apps: components["schemas"]["App"][];
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/detect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Looks into a folder; runs nothing of it */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Detect"];
                };
            };
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            toolchain: "python" | "node" | "static" | "command" | "dockerfile";
                            framework: string | null;
                            entry: string | null;
                            run: string | null;
                            /** @enum {string} */
                            listens: "required" | "optional" | "none";
                            check: ({
                                /** @enum {string} */
                                type: "http";
                                path: string;
                            } | {
                                /** @enum {string} */
                                type: "tcp";
                            } | {
                                /** @enum {string} */
                                type: "command";
                                argv: string[];
                            } | {
                                /** @enum {string} */
                                type: "none";
                            }) | null;
                            evidence: string[];
                            confidence: number;
                            name: string;
                            path: string;
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Its output */
        get: {
            parameters: {
                query?: {
                    /** @description The last lines of each app; all when left out */
                    tail?: number;
                    /** @description A duration (10m) or a time (ISO 8601) */
                    since?: string;
                    /** @description Only this instance */
                    instance?: string;
                    /** @description Text that the line contains, or /a regular expression/ */
                    grep?: string;
                    /** @description Go on with new lines, as server-sent events */
                    follow?: "true" | "false";
                    /** @description Go on behind the event with this id, instead of tail and since; Last-Event-ID says the same */
                    after?: string;
                };
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description One JSON document a line; with follow a stream of events */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/x-ndjson": components["schemas"]["LogLine"];
                        "text/event-stream": components["schemas"]["LogLine"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Output of several apps */
        get: {
            parameters: {
                query?: {
                    /** @description The last lines of each app; all when left out */
                    tail?: number;
                    /** @description A duration (10m) or a time (ISO 8601) */
                    since?: string;
                    /** @description Only this instance */
                    instance?: string;
                    /** @description Text that the line contains, or /a regular expression/ */
                    grep?: string;
                    /** @description Go on with new lines, as server-sent events */
                    follow?: "true" | "false";
                    /** @description Go on behind the event with this id, instead of tail and since; Last-Event-ID says the same */
                    after?: string;
                    /** @description Ids or names; all apps when left out */
                    app?: string | string[];
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description One JSON document a line; with follow a stream of events */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/x-ndjson": components["schemas"]["LogLine"];
                        "text/event-stream": components["schemas"]["LogLine"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened */
        get: {
            parameters: {
                query?: {
                    /** @description Only events with a higher id. In a stream: first those, then live */
                    after?: number;
                    /** @description Only events with a lower id; not for streams */
                    before?: number;
                    /** @description The newest ones, oldest first; not for streams */
                    limit?: number;
                    /** @description Also news that are not stored, for example lines of builds */
                    progress?: "true" | "false";
                    /** @description Id or name */
                    app?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A list for Accept: application/json, else a stream */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            events: components["schemas"]["Event"][];
                        };
                        "text/event-stream": components["schemas"]["Event"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened to it */
        get: {
            parameters: {
                query?: {
                    /** @description Only events with a higher id. In a stream: first those, then live */
                    after?: number;
                    /** @description Only events with a lower id; not for streams */
                    before?: number;
                    /** @description The newest ones, oldest first; not for streams */
                    limit?: number;
                    /** @description Also news that are not stored, for example lines of builds */
                    progress?: "true" | "false";
                };
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A list for Accept: application/json, else a stream */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            events: components["schemas"]["Event"][];
                        };
                        "text/event-stream": components["schemas"]["Event"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/executions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Finite runs, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description Id or name */
                    app?: string;
                    kind?: "hook" | "schedule" | "run" | "command";
                    /** @description failures: failed, timed_out and lost */
                    state?: components["schemas"]["ExecutionState"] | "failures";
                    /** @description A duration (24h) or a time (ISO 8601) */
                    since?: string;
                    /** @description The newest ones */
                    limit?: number;
                    /** @description nextCursor of the page before */
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Newest first */
                            executions: components["schemas"]["Execution"][];
                            /** @description null on the last page */
                            nextCursor: string | null;
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/executions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of them */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id of the execution */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Execution"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/executions/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends it, with all that it has started */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id of the execution */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Execution"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/executions/{id}/stdout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What it printed */
        get: {
            parameters: {
                query?: {
                    /** @description The last lines; all when left out */
                    tail?: number;
                    /** @description Go on with new lines until it has ended, as server-sent events */
                    follow?: "true" | "false";
                };
                header?: never;
                path: {
                    /** @description Id of the execution */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What it printed; with follow a stream of events, one for each line */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                        "text/event-stream": {
                            /** @description May hold escape sequences */
                            text: string;
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/executions/{id}/stderr": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What it printed on stderr */
        get: {
            parameters: {
                query?: {
                    /** @description The last lines; all when left out */
                    tail?: number;
                    /** @description Go on with new lines until it has ended, as server-sent events */
                    follow?: "true" | "false";
                };
                header?: never;
                path: {
                    /** @description Id of the execution */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What it printed; with follow a stream of events, one for each line */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                        "text/event-stream": {
                            /** @description May hold escape sequences */
                            text: string;
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who has which port */
        get: {
            parameters: {
                query?: {
                    /** @description Id or name */
                    app?: string;
                    /** @description Also those of strangers */
                    all?: "true" | "false";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ports: components["schemas"]["Port"][];
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/apps/{id}/ports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Its ports */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id or name of the app */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ports: components["schemas"]["Port"][];
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The daemon, its engines, edge and store */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["System"];
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/doctor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Looks for what is wrong on this machine */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            checks: {
                                name: string;
                                ok: boolean;
                                message: string;
                                hint?: string;
                            }[];
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is the daemon there? */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            ok: true;
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/system/shutdown": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends the daemon; apps go on */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            pid: number;
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/system/replace": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends the daemon and starts the one of another build; apps and the edge go on */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Replace"];
                };
            };
            responses: {
                /** @description Done */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Of the daemon that ends */
                            pid: number;
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a link that signs one browser in, once, within five minutes */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Done */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            url: string;
                            /** @description ISO 8601, UTC */
                            expiresAt: string;
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Opens a one-time link */
        get: {
            parameters: {
                query: {
                    token: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description To the dashboard, signed in */
                303: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** For Prometheus */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Metrics */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description What is wrong */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        Problem: {
            error: {
                code: string;
                message: string;
                field?: string;
                hint?: string;
                /** @description Of a bug: Gantry's log tells more under this id */
                id?: string;
            };
        };
        /** @enum {string} */
        State: "uploaded" | "installing" | "installed" | "starting" | "running" | "unhealthy" | "stopping" | "stopped" | "failed" | "backing-off" | "sleeping" | "disabled" | "deleted" | "unknown";
        Instance: {
            id: string;
            release: number;
            /** @enum {string} */
            state: "starting" | "running" | "unhealthy" | "stopping" | "ended" | "unknown";
            pid: number | null;
            /** @description host:port */
            address: string | null;
            startedAt: string | null;
            endedAt: string | null;
            exit: {
                code: number | null;
                signal: string | null;
            } | null;
            message: string | null;
        };
        AppSummary: {
            id: string;
            name: string;
            state: components["schemas"]["State"];
            /** @description Why it is in this state, where that is not plain */
            reason: string | null;
            /** @description When a backing-off app is tried again */
            nextTryAt: string | null;
            enabled: boolean;
            /** @enum {string} */
            engine: "process" | "compose" | "docker" | "swarm" | "kubernetes" | "memory";
            framework: string | null;
            path: string;
            port: number | null;
            pid: number | null;
            url: string | null;
            /** @description Number of the release that serves */
            release: number | null;
            /** @description Unasked-for ends of instances since the last start by a person */
            restarts: number;
            /** @enum {string} */
            health: "healthy" | "unhealthy" | "starting" | "none";
            lastStartedAt: string | null;
            /** @description The start of the run that serves */
            runningSince: string | null;
            /** @description Settings that changed since the instances were started; env.NAME, secrets.NAME */
            notApplied: string[];
        };
        App: {
            id: string;
            name: string;
            state: components["schemas"]["State"];
            /** @description Why it is in this state, where that is not plain */
            reason: string | null;
            /** @description When a backing-off app is tried again */
            nextTryAt: string | null;
            enabled: boolean;
            /** @enum {string} */
            engine: "process" | "compose" | "docker" | "swarm" | "kubernetes" | "memory";
            framework: string | null;
            path: string;
            port: number | null;
            pid: number | null;
            url: string | null;
            /** @description Number of the release that serves */
            release: number | null;
            /** @description Unasked-for ends of instances since the last start by a person */
            restarts: number;
            /** @enum {string} */
            health: "healthy" | "unhealthy" | "starting" | "none";
            lastStartedAt: string | null;
            /** @description The start of the run that serves */
            runningSince: string | null;
            /** @description Settings that changed since the instances were started; env.NAME, secrets.NAME */
            notApplied: string[];
            source: {
                /** @constant */
                type: "folder";
                path: string;
            } | {
                /** @constant */
                type: "archive";
                filename: string | null;
            } | {
                /** @constant */
                type: "git";
                url: string;
                ref: string | null;
                subfolder: string;
            } | {
                /** @constant */
                type: "files";
            };
            toolchain: ("python" | "node" | "static" | "command" | "dockerfile") | null;
            /** @description The command line that runs; null for static apps */
            run: string | null;
            entry: string | null;
            host: string | null;
            urls: string[];
            instances: components["schemas"]["Instance"][];
            latestRelease: number | null;
            replicas: {
                min: number;
                max: number;
            };
            /** @description Names of its secrets */
            secrets: string[];
            /** @description live: the linked folder, as it lies there; tree: a copy that Gantry keeps */
            code: ("live" | "tree") | null;
            /** @description The newest one */
            deployment: {
                id: string;
                /** @enum {string} */
                state: "building" | "starting" | "done" | "failed" | "cancelled" | "superseded";
                reason: string | null;
            } | null;
            /** @description Code that was saved and is not deployed */
            draft: {
                /** @description ISO 8601, UTC */
                savedAt: string;
                author: string;
            } | null;
            /** @description ISO 8601, UTC */
            createdAt: string;
            /** @description ISO 8601, UTC */
            updatedAt: string;
            /** @description The last output of a failed app; only in a single app's view */
            lastLines: string[];
        };
        RegisterApp: {
            /** @description Name: one DNS label. */
            name?: string;
            /** @description Folder with the code; default: the manifest's folder. */
            path: string;
            /**
             * @description What runs it; this version has process.
             * @enum {string}
             */
            engine?: "process" | "compose" | "docker" | "swarm" | "kubernetes";
            /** @description A disabled app can't start. */
            enabled?: boolean;
            /** @description Command line, split into words as a shell does; $PORT and $HOST are set. */
            run?: string | null;
            /** @description Give run to a shell. */
            shell?: boolean | null;
            /** @description ASGI or WSGI app as module:variable. */
            entry?: string | null;
            /** @description Further words after the command. */
            args?: string[] | null;
            /** @description auto, none or a number. */
            port?: (("auto" | "none") | number) | null;
            /** @description Address to listen on; default 127.0.0.1. */
            host?: string | null;
            /** @description Environment variables; values are kept as written. */
            env?: {
                [key: string]: string | null;
            } | null;
            /** @description A .env file, read at each start. */
            env_file?: string | null;
            /** @description Apps that must be ready before this one starts. */
            depends_on?: string[] | null;
            /** @description Restart when files change. */
            watch?: boolean | null;
            /** @description Further host names. */
            domains?: string[] | null;
            /** @description Keep a process ready for the next deploy, where that helps; default true. */
            warm?: boolean | null;
            /** @description How a new instance takes over. */
            strategy?: ("auto" | "start-first" | "stop-first") | null;
            /** @description How many instances run. */
            replicas?: {
                /** @description At least. */
                min?: number | null;
                /** @description At most. */
                max?: number | null;
            } | null;
            /** @description What happens when it ends by itself. */
            restart?: {
                /** @description always, on-failure or never. */
                policy?: ("always" | "on-failure" | "never") | null;
                /** @description First delay; doubles with each crash. */
                delay?: string | null;
                /** @description Crashes in a row until Gantry gives up. */
                max?: number | null;
                /** @description A run as long as this ends a row of crashes. */
                window?: string | null;
            } | null;
            /** @description How to see that it works; default: as detected. */
            health?: {
                /** @description HTTP: 200 to 399 is healthy. */
                path?: string | null;
                /** @description TCP: an open port is healthy. */
                tcp?: true | null;
                /** @description A living process is healthy. */
                none?: true | null;
                /** @description Command: exit code 0 is healthy. */
                command?: string[] | null;
                /** @description Time between two checks. */
                interval?: string | null;
                /** @description Longest time of one check. */
                timeout?: string | null;
                /** @description Failures in a row until it is unhealthy. */
                retries?: number | null;
                /** @description Time for the first success. */
                start_period?: string | null;
            } | null;
            /** @description Limits of one instance. */
            resources?: {
                /** @description CPUs; 0.5 is half of one. */
                cpu?: number | null;
                /** @description Memory. */
                memory?: string | null;
                /** @description Processes and threads. */
                pids?: number | null;
            } | null;
            /** @description Commands that run at turning points: a command line, or run, timeout and shell. */
            hooks?: {
                /** @description In a new release, before its first start; must succeed. */
                pre_deploy?: (string | {
                    run: string;
                    /**
                     * @example 200ms
                     * @example 10s
                     * @example 5m
                     */
                    timeout?: string;
                    shell?: boolean;
                }) | null;
                /** @description When a new release serves. */
                post_deploy?: (string | {
                    run: string;
                    /**
                     * @example 200ms
                     * @example 10s
                     * @example 5m
                     */
                    timeout?: string;
                    shell?: boolean;
                }) | null;
                /** @description Before the app is started; must succeed. */
                pre_start?: (string | {
                    run: string;
                    /**
                     * @example 200ms
                     * @example 10s
                     * @example 5m
                     */
                    timeout?: string;
                    shell?: boolean;
                }) | null;
                /** @description When the app is ready. */
                post_start?: (string | {
                    run: string;
                    /**
                     * @example 200ms
                     * @example 10s
                     * @example 5m
                     */
                    timeout?: string;
                    shell?: boolean;
                }) | null;
                /** @description Before a running app is stopped; must succeed. */
                pre_stop?: (string | {
                    run: string;
                    /**
                     * @example 200ms
                     * @example 10s
                     * @example 5m
                     */
                    timeout?: string;
                    shell?: boolean;
                }) | null;
                /** @description When all of the app has ended. */
                post_stop?: (string | {
                    run: string;
                    /**
                     * @example 200ms
                     * @example 10s
                     * @example 5m
                     */
                    timeout?: string;
                    shell?: boolean;
                }) | null;
            } | null;
            /** @description How it is asked to end. */
            stop?: {
                /** @description Signal that asks it to end. */
                signal?: ("TERM" | "INT" | "QUIT" | "HUP" | "USR1" | "USR2" | "WINCH" | "KILL") | null;
                /** @description Time until it is killed. */
                timeout?: string | null;
            } | null;
        };
        PatchApp: {
            /** @description Name: one DNS label. */
            name?: string;
            /** @description Folder with the code; default: the manifest's folder. */
            path?: string;
            /**
             * @description What runs it; this version has process.
             * @enum {string}
             */
            engine?: "process" | "compose" | "docker" | "swarm" | "kubernetes";
            /** @description A disabled app can't start. */
            enabled?: boolean;
            /** @description Command line, split into words as a shell does; $PORT and $HOST are set. */
            run?: string | null;
            /** @description Give run to a shell. */
            shell?: boolean | null;
            /** @description ASGI or WSGI app as module:variable. */
            entry?: string | null;
            /** @description Further words after the command. */
            args?: string[] | null;
            /** @description auto, none or a number. */
            port?: (("auto" | "none") | number) | null;
            /** @description Address to listen on; default 127.0.0.1. */
            host?: string | null;
            /** @description Environment variables; values are kept as written. */
            env?: {
                [key: string]: string | null;
            } | null;
            /** @description A .env file, read at each start. */
            env_file?: string | null;
            /** @description Apps that must be ready before this one starts. */
            depends_on?: string[] | null;
            /** @description Restart when files change. */
            watch?: boolean | null;
            /** @description Further host names. */
            domains?: string[] | null;
            /** @description Keep a process ready for the next deploy, where that helps; default true. */
            warm?: boolean | null;
            /** @description How a new instance takes over. */
            strategy?: ("auto" | "start-first" | "stop-first") | null;
            /** @description How many instances run. */
            replicas?: {
                /** @description At least. */
                min?: number | null;
                /** @description At most. */
                max?: number | null;
            } | null;
            /** @description What happens when it ends by itself. */
            restart?: {
                /** @description always, on-failure or never. */
                policy?: ("always" | "on-failure" | "never") | null;
                /** @description First delay; doubles with each crash. */
                delay?: string | null;
                /** @description Crashes in a row until Gantry gives up. */
                max?: number | null;
                /** @description A run as long as this ends a row of crashes. */
                window?: string | null;
            } | null;
            /** @description How to see that it works; default: as detected. */
            health?: {
                /** @description HTTP: 200 to 399 is healthy. */
                path?: string | null;
                /** @description TCP: an open port is healthy. */
                tcp?: true | null;
                /** @description A living process is healthy. */
                none?: true | null;
                /** @description Command: exit code 0 is healthy. */
                command?: string[] | null;
                /** @description Time between two checks. */
                interval?: string | null;
                /** @description Longest time of one check. */
                timeout?: string | null;
                /** @description Failures in a row until it is unhealthy. */
                retries?: number | null;
                /** @description Time for the first success. */
                start_period?: string | null;
            } | null;
            /** @description Limits of one instance. */
            resources?: {
                /** @description CPUs; 0.5 is half of one. */
                cpu?: number | null;
                /** @description Memory. */
                memory?: string | null;
                /** @description Processes and threads. */
                pids?: number | null;
            } | null;
            /** @description Commands that run at turning points: a command line, or run, timeout and shell. */
            hooks?: {
                /** @description In a new release, before its first start; must succeed. */
                pre_deploy?: (string | {
                    run: string;
                    /**
                     * @example 200ms
                     * @example 10s
                     * @example 5m
                     */
                    timeout?: string;
                    shell?: boolean;
                }) | null;
                /** @description When a new release serves. */
                post_deploy?: (string | {
                    run: string;
                    /**
                     * @example 200ms
                     * @example 10s
                     * @example 5m
                     */
                    timeout?: string;
                    shell?: boolean;
                }) | null;
                /** @description Before the app is started; must succeed. */
                pre_start?: (string | {
                    run: string;
                    /**
                     * @example 200ms
                     * @example 10s
                     * @example 5m
                     */
                    timeout?: string;
                    shell?: boolean;
                }) | null;
                /** @description When the app is ready. */
                post_start?: (string | {
                    run: string;
                    /**
                     * @example 200ms
                     * @example 10s
                     * @example 5m
                     */
                    timeout?: string;
                    shell?: boolean;
                }) | null;
                /** @description Before a running app is stopped; must succeed. */
                pre_stop?: (string | {
                    run: string;
                    /**
                     * @example 200ms
                     * @example 10s
                     * @example 5m
                     */
                    timeout?: string;
                    shell?: boolean;
                }) | null;
                /** @description When all of the app has ended. */
                post_stop?: (string | {
                    run: string;
                    /**
                     * @example 200ms
                     * @example 10s
                     * @example 5m
                     */
                    timeout?: string;
                    shell?: boolean;
                }) | null;
            } | null;
            /** @description How it is asked to end. */
            stop?: {
                /** @description Signal that asks it to end. */
                signal?: ("TERM" | "INT" | "QUIT" | "HUP" | "USR1" | "USR2" | "WINCH" | "KILL") | null;
                /** @description Time until it is killed. */
                timeout?: string | null;
            } | null;
        };
        PutApp: {
            /** @description Name: one DNS label. */
            name?: string;
            /** @description Folder with the code; default: the manifest's folder. */
            path?: string;
            /**
             * @description What runs it; this version has process.
             * @enum {string}
             */
            engine?: "process" | "compose" | "docker" | "swarm" | "kubernetes";
            /** @description A disabled app can't start. */
            enabled?: boolean;
            /** @description Command line, split into words as a shell does; $PORT and $HOST are set. */
            run?: string | null;
            /** @description Give run to a shell. */
            shell?: boolean | null;
            /** @description ASGI or WSGI app as module:variable. */
            entry?: string | null;
            /** @description Further words after the command. */
            args?: string[] | null;
            /** @description auto, none or a number. */
            port?: (("auto" | "none") | number) | null;
            /** @description Address to listen on; default 127.0.0.1. */
            host?: string | null;
            /** @description Environment variables; values are kept as written. */
            env?: {
                [key: string]: string | null;
            } | null;
            /** @description A .env file, read at each start. */
            env_file?: string | null;
            /** @description Apps that must be ready before this one starts. */
            depends_on?: string[] | null;
            /** @description Restart when files change. */
            watch?: boolean | null;
            /** @description Further host names. */
            domains?: string[] | null;
            /** @description Keep a process ready for the next deploy, where that helps; default true. */
            warm?: boolean | null;
            /** @description How a new instance takes over. */
            strategy?: ("auto" | "start-first" | "stop-first") | null;
            /** @description How many instances run. */
            replicas?: {
                /** @description At least. */
                min?: number | null;
                /** @description At most. */
                max?: number | null;
            } | null;
            /** @description What happens when it ends by itself. */
            restart?: {
                /** @description always, on-failure or never. */
                policy?: ("always" | "on-failure" | "never") | null;
                /** @description First delay; doubles with each crash. */
                delay?: string | null;
                /** @description Crashes in a row until Gantry gives up. */
                max?: number | null;
                /** @description A run as long as this ends a row of crashes. */
                window?: string | null;
            } | null;
            /** @description How to see that it works; default: as detected. */
            health?: {
                /** @description HTTP: 200 to 399 is healthy. */
                path?: string | null;
                /** @description TCP: an open port is healthy. */
                tcp?: true | null;
                /** @description A living process is healthy. */
                none?: true | null;
                /** @description Command: exit code 0 is healthy. */
                command?: string[] | null;
                /** @description Time between two checks. */
                interval?: string | null;
                /** @description Longest time of one check. */
                timeout?: string | null;
                /** @description Failures in a row until it is unhealthy. */
                retries?: number | null;
                /** @description Time for the first success. */
                start_period?: string | null;
            } | null;
            /** @description Limits of one instance. */
            resources?: {
                /** @description CPUs; 0.5 is half of one. */
                cpu?: number | null;
                /** @description Memory. */
                memory?: string | null;
                /** @description Processes and threads. */
                pids?: number | null;
            } | null;
            /** @description Commands that run at turning points: a command line, or run, timeout and shell. */
            hooks?: {
                /** @description In a new release, before its first start; must succeed. */
                pre_deploy?: (string | {
                    run: string;
                    /**
                     * @example 200ms
                     * @example 10s
                     * @example 5m
                     */
                    timeout?: string;
                    shell?: boolean;
                }) | null;
                /** @description When a new release serves. */
                post_deploy?: (string | {
                    run: string;
                    /**
                     * @example 200ms
                     * @example 10s
                     * @example 5m
                     */
                    timeout?: string;
                    shell?: boolean;
                }) | null;
                /** @description Before the app is started; must succeed. */
                pre_start?: (string | {
                    run: string;
                    /**
                     * @example 200ms
                     * @example 10s
                     * @example 5m
                     */
                    timeout?: string;
                    shell?: boolean;
                }) | null;
                /** @description When the app is ready. */
                post_start?: (string | {
                    run: string;
                    /**
                     * @example 200ms
                     * @example 10s
                     * @example 5m
                     */
                    timeout?: string;
                    shell?: boolean;
                }) | null;
                /** @description Before a running app is stopped; must succeed. */
                pre_stop?: (string | {
                    run: string;
                    /**
                     * @example 200ms
                     * @example 10s
                     * @example 5m
                     */
                    timeout?: string;
                    shell?: boolean;
                }) | null;
                /** @description When all of the app has ended. */
                post_stop?: (string | {
                    run: string;
                    /**
                     * @example 200ms
                     * @example 10s
                     * @example 5m
                     */
                    timeout?: string;
                    shell?: boolean;
                }) | null;
            } | null;
            /** @description How it is asked to end. */
            stop?: {
                /** @description Signal that asks it to end. */
                signal?: ("TERM" | "INT" | "QUIT" | "HUP" | "USR1" | "USR2" | "WINCH" | "KILL") | null;
                /** @description Time until it is killed. */
                timeout?: string | null;
            } | null;
        };
        Detection: {
            /** @enum {string} */
            toolchain: "python" | "node" | "static" | "command" | "dockerfile";
            framework: string | null;
            entry: string | null;
            run: string | null;
            /** @enum {string} */
            listens: "required" | "optional" | "none";
            check: ({
                /** @constant */
                type: "http";
                path: string;
            } | {
                /** @constant */
                type: "tcp";
            } | {
                /** @constant */
                type: "command";
                argv: string[];
            } | {
                /** @constant */
                type: "none";
            }) | null;
            evidence: string[];
            confidence: number;
        };
        Hook: {
            run: string;
            timeoutMs: number;
            shell: boolean;
        };
        AppConfig: {
            name: string;
            enabled: boolean;
            /** @enum {string} */
            engine: "process" | "compose" | "docker" | "swarm" | "kubernetes" | "memory";
            path: string;
            run: string | null;
            shell: boolean;
            entry: string | null;
            args: string[];
            port: (("auto" | "none") | number) | null;
            host: string;
            env: {
                [key: string]: string;
            };
            envFile: string | null;
            replicas: {
                min: number;
                max: number;
            };
            restart: {
                policy: ("always" | "on-failure" | "never") | null;
                delayMs: number;
                max: number;
                windowMs: number;
            };
            health: {
                /** @description null: as detected */
                check: ({
                    /** @constant */
                    type: "http";
                    path: string;
                } | {
                    /** @constant */
                    type: "tcp";
                } | {
                    /** @constant */
                    type: "command";
                    argv: string[];
                } | {
                    /** @constant */
                    type: "none";
                }) | null;
                intervalMs: number;
                timeoutMs: number;
                retries: number;
                startPeriodMs: number;
            } | null;
            resources: {
                cpu: number | null;
                memoryBytes: number | null;
                pids: number | null;
            };
            dependsOn: string[];
            /** @description Absent where there are none */
            hooks?: {
                pre_deploy?: components["schemas"]["Hook"];
                pre_start?: components["schemas"]["Hook"];
                post_start?: components["schemas"]["Hook"];
                post_deploy?: components["schemas"]["Hook"];
                pre_stop?: components["schemas"]["Hook"];
                post_stop?: components["schemas"]["Hook"];
            };
            stop: {
                signal: string;
                timeoutMs: number;
            };
            watch: boolean;
            domains: string[];
            /** @enum {string} */
            strategy: "auto" | "start-first" | "stop-first";
            /** @description Absent: true */
            warm?: boolean;
        };
        Release: {
            number: number;
            /** @enum {string} */
            state: "serving" | "good" | "failed" | "kept";
            /** @description Does it run when the app runs? */
            target: boolean;
            author: string | null;
            message: string | null;
            /** @description Where the code came from */
            source: string | null;
            /**
             * @description live: the linked folder, as it lies there
             * @enum {string}
             */
            code: "live" | "tree";
            tree: string | null;
            /** @description Bytes of the kept code */
            size: number | null;
            /** @description ISO 8601, UTC */
            createdAt: string;
            buildMs: number;
            pinned: boolean;
            deploymentId: string | null;
            /** @enum {string} */
            toolchain: "python" | "node" | "static" | "command" | "dockerfile";
            framework: string | null;
            run: string | null;
            entry: string | null;
        };
        Diagnostic: {
            file: string | null;
            /** @description From 1 */
            line: number | null;
            /** @description From 1 */
            column: number | null;
            /** @enum {string} */
            severity: "error" | "warning";
            code: string;
            message: string;
        };
        Deployment: {
            id: string;
            app: string;
            appId: string;
            /** @enum {string} */
            state: "building" | "starting" | "done" | "failed" | "cancelled" | "superseded";
            /** @description Is it still under way? */
            open: boolean;
            reason: string | null;
            lastLines: string[];
            diagnostics: components["schemas"]["Diagnostic"][];
            release: number | null;
            /** @enum {string} */
            origin: "live" | "current" | "tree" | "folder" | "git" | "release";
            start: boolean;
            actor: string;
            message: string | null;
            source: string | null;
            /** @description ISO 8601, UTC */
            startedAt: string;
            endedAt: string | null;
            durationMs: number;
            stages: {
                /** @enum {string} */
                stage: "fetch" | "validate" | "build" | "start" | "health" | "switch" | "drain";
                /** @enum {string} */
                state: "running" | "done" | "failed" | "cancelled";
                /** @description ISO 8601, UTC */
                startedAt: string;
                durationMs: number | null;
                message: string | null;
            }[];
        };
        Draft: {
            /** @enum {string} */
            state: "none" | "deployed" | "not-deployed";
            /** @description The tag for If-Match */
            tree: string | null;
            deployedTree: string | null;
            subfolder: string;
            savedAt: string | null;
            author: string | null;
            bytes: number;
            files: {
                path: string;
                bytes: number;
                /** @description SHA-256 of the content */
                hash: string;
                executable: boolean;
            }[];
        };
        Event: {
            /** @description Rises by one */
            id: number;
            /** @description ISO 8601, UTC */
            at: string;
            /** @description For example instance.ready */
            type: string;
            appId: string | null;
            /** @description Name of the app; null for events of Gantry itself */
            app: string | null;
            actor: string;
            message: string;
            data: {
                [key: string]: unknown;
            };
        };
        /** @enum {string} */
        ExecutionState: "running" | "done" | "failed" | "timed_out" | "cancelled" | "skipped" | "missed" | "lost";
        Execution: {
            id: string;
            appId: string;
            /** @description Name of the app */
            app: string;
            /** @description Number of the release in whose environment it ran */
            release: number | null;
            /** @enum {string} */
            kind: "hook" | "schedule" | "run" | "command";
            /** @description For example pre_start */
            name: string;
            argv: string[];
            state: components["schemas"]["ExecutionState"];
            /** @description One sentence, where it did not end well */
            reason: string | null;
            exit: {
                code: number | null;
                signal: string | null;
            } | null;
            scheduleId: string | null;
            slot: string | null;
            /** @description The instance whose port it was given */
            instanceId: string | null;
            /** @description ISO 8601, UTC */
            createdAt: string;
            startedAt: string | null;
            endedAt: string | null;
            durationMs: number | null;
            timeoutMs: number | null;
            /** @description As far as it was measured; null for very short runs */
            cpuMs: number | null;
            peakMemoryBytes: number | null;
            actor: string;
            attempt: number;
        };
        Replace: {
            /**
             * Format: starts_with
             * @description What runs the daemon: a Node.js of version 24 or newer
             */
            program: string;
            /**
             * Format: starts_with
             * @description The daemon's file
             */
            file: string;
        };
        LogLine: {
            app: string;
            instanceId: string;
            /** @description About when it was written */
            at: string | null;
            /** @description May hold escape sequences */
            text: string;
        };
        Port: {
            port: number;
            /** @enum {string} */
            kind: "app" | "fixed" | "gantry" | "forward" | "compose" | "stranger";
            app: string | null;
            instanceId: string | null;
            /** @description Who really listens now */
            holder: {
                pid: number | null;
                command: string | null;
                addresses: string[];
            } | null;
            /** @description Where two claim this port */
            conflict: string | null;
        };
        System: {
            version: string;
            pid: number;
            /** @description ISO 8601, UTC */
            startedAt: string;
            home: string;
            /** @description Of the API and the dashboard */
            url: string;
            memoryBytes: number;
            apps: {
                total: number;
                byState: {
                    [key: string]: number;
                };
            };
            edge: {
                connected: boolean;
                /** @description Of the table of routes that it uses */
                version: number | null;
                connections: number;
                port: number;
            };
            engines: {
                name: string;
                available: boolean;
                /** @description Which guarantees it gives here */
                tier: string;
                reason: string | null;
            }[];
            store: {
                ok: boolean;
                reason: string | null;
                /** @description Changes that wait to be stored */
                pending: number;
            };
        };
        Template: {
            name: string;
            title: string;
            description: string;
            tags: string[];
            /**
             * @description own: from templates/ in Gantry's home
             * @enum {string}
             */
            origin: "built-in" | "own";
            /** @description Does it stand in for a built-in one of that name? */
            hides: boolean;
            /** @description Why it can't be used */
            problem: string | null;
        };
        NewApp: {
            /** @description Its name */
            template?: string;
            /** @description Or a Git repository: https, ssh or a folder of this machine */
            url?: string;
            /** @description Branch, tag or commit of the repository */
            ref?: string | null;
            /** @description The folder in the repository that is the template */
            subfolder?: string;
            /** @description Name of the new app */
            name: string;
            /**
             * Format: starts_with
             * @description A new folder of this machine that the app lives in; without one Gantry keeps the code
             */
            folder?: string;
            /**
             * @description Start the app
             * @default true
             */
            start: boolean;
        };
        Up: {
            /** @description Folders or manifests */
            paths: string[];
            /** @description Of the manifests' apps only these */
            only?: string[];
        };
        Down: {
            /** @description Folders or manifests */
            paths: string[];
            /** @description Whatever their hooks say */
            force?: boolean;
        };
        Detect: {
            /** Format: starts_with */
            path: string;
            run?: string;
            entry?: string;
        };
        Validation: {
            /** @description Nothing was found that would surely keep the app from starting */
            ok: boolean;
            /** @description By file and line; those of the app as a whole first */
            diagnostics: components["schemas"]["Diagnostic"][];
            /** @description What would run */
            detection: components["schemas"]["Detection"] | null;
            durationMs: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
