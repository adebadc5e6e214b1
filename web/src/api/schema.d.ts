// Made by `npm run schema` from the server's OpenAPI document. Not to be edited.
export interface paths {
    "/-/oidc/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the provider sends browsers back to */
        get: operations["finish_oidc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/-/oidc/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sign in through the provider */
        get: operations["start_oidc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/-/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Change the password; the user's other sessions end, and this one goes on under another cookie */
        put: operations["change_password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/-/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in */
        get: operations["get_session"];
        put?: never;
        /** Sign in by password */
        post: operations["sign_in"];
        /** Sign out */
        delete: operations["sign_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/-/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The sessions of who is signed in, the one used last first */
        get: operations["list_sessions"];
        put?: never;
        post?: never;
        /** Sign out everywhere, here too */
        delete: operations["sign_out_everywhere"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/-/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of the sessions */
        delete: operations["end_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/-/sign-in/link/{secret}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page that asks whether to sign in */
        get: operations["show_sign_in_link"];
        put?: never;
        /** Sign in by a one-time link, which is used up by it */
        post: operations["use_sign_in_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/-/sign-in/methods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How one can sign in here */
        get: operations["get_sign_in_methods"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/audit_events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The audit log of the server, newest first; for administrators */
        get: operations["list_audit_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/audit_events/{audit_event}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One entry of the audit log; for administrators */
        get: operations["get_audit_event"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The groups that the caller may see */
        get: operations["list_groups"];
        put?: never;
        /** Make a group */
        post: operations["create_group"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/groups/{group}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A group */
        get: operations["get_group"];
        /** Change the settings of a group */
        put: operations["update_group"];
        post?: never;
        /** Delete a group with all that lies in it: it waits, and is removed on its day */
        delete: operations["delete_group"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/groups/{group}/access_tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The access tokens of a group */
        get: operations["list_group_access_tokens"];
        put?: never;
        /** Make an access token of a group, which acts as a bot of its own */
        post: operations["create_group_access_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/groups/{group}/access_tokens/self/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The same of the access token of a group that asks */
        post: operations["rotate_own_group_access_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/groups/{group}/access_tokens/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An access token of a group */
        get: operations["get_group_access_token"];
        put?: never;
        post?: never;
        /** End an access token of a group; its bot leaves */
        delete: operations["revoke_group_access_token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/groups/{group}/access_tokens/{token}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a new token of a group in the place of an old one, which ends */
        post: operations["rotate_group_access_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/groups/{group}/audit_events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The audit log of a group, newest first; for owners */
        get: operations["list_group_audit_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/groups/{group}/audit_events/{audit_event}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One entry of a group's audit log; for owners */
        get: operations["get_group_audit_event"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/groups/{group}/descendant_groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same with those that lie in them */
        get: operations["list_descendant_groups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/groups/{group}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The direct members of a group */
        get: operations["list_group_members"];
        put?: never;
        /** Make somebody a member of a group */
        post: operations["add_group_member"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/groups/{group}/members/all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The members of a group and of the groups that it lies in, each with the highest role */
        get: operations["list_all_group_members"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/groups/{group}/members/all/{user}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A member of a group, direct or inherited */
        get: operations["get_any_group_member"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/groups/{group}/members/{user}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A direct member of a group */
        get: operations["get_group_member"];
        /** Change the role of a member of a group, or its end */
        put: operations["update_group_member"];
        post?: never;
        /** Send a member of a group away, or leave it oneself */
        delete: operations["remove_group_member"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/groups/{group}/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The projects in a group */
        get: operations["list_projects_of_group"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/groups/{group}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take back the deletion of a group */
        post: operations["restore_group"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/groups/{group}/subgroups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The groups that lie in a group */
        get: operations["list_subgroups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/metadata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same, with what else GitLab's clients ask of a server */
        get: operations["get_metadata"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/personal_access_tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Personal access tokens: one's own, to administrators everybody's */
        get: operations["list_personal_access_tokens"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/personal_access_tokens/self": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The access token that asks, of any kind */
        get: operations["get_own_access_token"];
        put?: never;
        post?: never;
        /** End the access token that asks, of any kind */
        delete: operations["revoke_own_access_token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/personal_access_tokens/self/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The same of the access token that asks, of any kind */
        post: operations["rotate_own_access_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/personal_access_tokens/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A personal access token */
        get: operations["get_personal_access_token"];
        put?: never;
        post?: never;
        /** End a personal access token */
        delete: operations["revoke_personal_access_token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/personal_access_tokens/{token}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a new token in the place of an old one, which ends */
        post: operations["rotate_personal_access_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The projects that the caller may see */
        get: operations["list_projects"];
        put?: never;
        /** Make a project */
        post: operations["create_project"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A project, and what the caller may do there */
        get: operations["get_project"];
        /** Change the settings of a project */
        put: operations["update_project"];
        post?: never;
        /** Delete a project: it waits, read-only, and is removed on its day */
        delete: operations["delete_project"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/access_tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The access tokens of a project */
        get: operations["list_project_access_tokens"];
        put?: never;
        /** Make an access token of a project, which acts as a bot of its own */
        post: operations["create_project_access_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/access_tokens/self/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The same of the access token of a project that asks */
        post: operations["rotate_own_project_access_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/access_tokens/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An access token of a project */
        get: operations["get_project_access_token"];
        put?: never;
        post?: never;
        /** End an access token of a project; its bot leaves */
        delete: operations["revoke_project_access_token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/access_tokens/{token}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a new token of a project in the place of an old one, which ends */
        post: operations["rotate_project_access_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a project read-only */
        post: operations["archive_project"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/audit_events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The audit log of a project, newest first; for maintainers */
        get: operations["list_project_audit_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/audit_events/{audit_event}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One entry of a project's audit log; for maintainers */
        get: operations["get_project_audit_event"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The direct members of a project */
        get: operations["list_project_members"];
        put?: never;
        /** Make somebody a member of a project */
        post: operations["add_project_member"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/members/all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The members of a project and of the groups that it lies in, each with the highest role */
        get: operations["list_all_project_members"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/members/all/{user}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A member of a project, direct or inherited */
        get: operations["get_any_project_member"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/members/{user}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A direct member of a project */
        get: operations["get_project_member"];
        /** Change the role of a member of a project, or its end */
        put: operations["update_project_member"];
        post?: never;
        /** Send a member of a project away, or leave it oneself */
        delete: operations["remove_project_member"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/ml/candidates/{candidate}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The run with a number or an id, active or deleted */
        get: operations["get_candidate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/ml/ci_link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The CI that a project is linked to */
        get: operations["get_ci_link"];
        /** Link a project to a CI, where the jobs that its runs' tags name are looked up */
        put: operations["put_ci_link"];
        post?: never;
        /** End the link; what was found by it stays */
        delete: operations["delete_ci_link"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/ml/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What changes in the project, as it happens (server-sent events)
         * @description A stream of `text/event-stream`. `ready` comes first: its data says whether the stream goes on behind `Last-Event-ID` (`resumed`); when it does not, fetch what you show. `change` has a ChangeEvent as its data. `refetch`: something was missed, fetch what you show. `beat` comes when nothing else does. `end`: the server ends the stream (`stop`: connect again; `access`: you may not read this any more). See docs/events.md.
         */
        get: operations["watch_project"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/ml/experiments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The experiments of a project, with how many runs each has and when something last happened in it */
        get: operations["list_experiments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/ml/experiments/{experiment}/columns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every metric, param and tag that the runs of an experiment have, how many have it, and what its values are
         * @description All keys are told. In an experiment with more than 2,000 runs, how many runs have a key, and what its values are, is read from a sample of about 1,000 runs; `exact` says which numbers are counted.
         */
        get: operations["list_experiment_columns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/ml/experiments/{experiment}/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The runs of an experiment by the value of a param or tag, with count, mean, range and standard deviation of metrics
         * @description Looks at every run that matches. More than 10,000 groups are refused.
         */
        post: operations["group_experiment_runs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/ml/experiments/{experiment}/table": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A page of the table of an experiment's runs: the columns asked for and no others */
        post: operations["list_experiment_runs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/ml/logged-models/{model_id}/artifacts.zip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The files of a logged model, or a folder of them, as a zip file */
        get: operations["download_logged_model_archive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/ml/logged-models/{model_id}/mlmodel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the MLmodel file of a logged model says */
        get: operations["get_logged_model_mlmodel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/ml/models/{name}/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What differs between two versions of a model */
        get: operations["compare_model_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/ml/models/{name}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The history of a model, newest first */
        get: operations["list_model_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/ml/models/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A model version, whole */
        get: operations["get_model_version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/ml/models/{name}/versions/{version}/artifacts.zip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The files of a model version, or a folder of them, as a zip file */
        get: operations["download_model_version_archive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/ml/models/{name}/versions/{version}/mlmodel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the MLmodel file of a version says */
        get: operations["get_model_version_mlmodel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/ml/models/{name}/versions/{version}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Publish a version: its files, params and metrics stay as they are from then on */
        post: operations["publish_model_version"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/ml/runs/{run_id}/artifacts.zip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The artifacts of a run, or a folder of them, as a zip file */
        get: operations["download_run_archive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/ml/runs/{run_id}/provenance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where a run comes from: verified CI jobs, and what its tags claim */
        get: operations["get_run_provenance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/ml/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Histories of many runs and metrics, thinned for drawing: exact while they have few points, else buckets with minimum, maximum, mean and last value
         * @description The answer begins with the four bytes `WSR1` and the length of a header as a 32-bit number, little-endian like all that follows. The header is a `SeriesHeader` in JSON, filled up with blanks so that the data behind it begins at a multiple of 8 bytes. Offsets in the header count from the beginning of the data and are multiples of 8. NaN and the infinities are kept.
         */
        post: operations["sample_series"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/ml/trust_rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The trust rules of a project: which CI jobs may come with their own ID token */
        get: operations["list_trust_rules"];
        put?: never;
        /** Trust CI jobs that show an ID token with these claims */
        post: operations["create_trust_rule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/ml/trust_rules/{rule}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A trust rule */
        get: operations["get_trust_rule"];
        put?: never;
        post?: never;
        /** Trust these jobs no longer */
        delete: operations["delete_trust_rule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/packages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The packages of a project; of a public one without a token */
        get: operations["list_packages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/packages/generic/{package_name}/{package_version}/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file of a generic package; of a public project without a token */
        get: operations["download_generic_package_file"];
        /** Put a file into a generic package, which is made when there is none */
        put: operations["upload_generic_package_file"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/packages/ml_models/{model_version_id}/files/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file of a model version or a run; of a public project without a token */
        get: operations["download_ml_model_file"];
        /** Put a file into a model version or a run */
        put: operations["upload_ml_model_file"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/packages/{package_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A package; of a public project without a token */
        get: operations["get_package"];
        put?: never;
        post?: never;
        /** Delete a package with its files, also from its run; needs maintainer or above */
        delete: operations["delete_package"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/packages/{package_id}/package_files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The files of a package */
        get: operations["list_package_files"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/packages/{package_id}/package_files/{package_file_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a file of a package; needs maintainer or above */
        delete: operations["delete_package_file"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take back the deletion of a project */
        post: operations["restore_project"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/projects/{project}/unarchive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let an archived project be written again */
        post: operations["unarchive_project"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/user": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who asks */
        get: operations["get_current_user"];
        /** Change one's own name; administrators their address, too */
        put: operations["update_current_user"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/user/personal_access_tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a personal access token for oneself */
        post: operations["create_personal_access_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Users; to administrators with addresses, as `FullUser` */
        get: operations["list_users"];
        put?: never;
        /** Make a user; for administrators */
        post: operations["create_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/users/{user}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A user; to administrators and oneself as `FullUser` */
        get: operations["get_user"];
        /** Change a user; for administrators */
        put: operations["update_user"];
        post?: never;
        /** Take a user away, whose runs stay; for administrators */
        delete: operations["delete_user"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/users/{user}/block": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Shut a user out; for administrators */
        post: operations["block_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/users/{user}/personal_access_tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a personal access token for somebody; for administrators */
        post: operations["create_personal_access_token_of_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/users/{user}/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The projects in a user's own namespace */
        get: operations["list_projects_of_user"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/users/{user}/sign_in_link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a link that signs a user in, once, within 15 minutes; for administrators */
        post: operations["create_sign_in_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/users/{user}/unblock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a blocked user in again; for administrators */
        post: operations["unblock_user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v4/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The release of GitLab whose API this follows, with Weir's own behind it */
        get: operations["get_version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description An access token. */
        AccessToken: {
            /**
             * Format: int64
             * @description Of a project's or a group's token: the role by GitLab's number.
             */
            access_level?: number | null;
            /** @description Neither revoked nor expired. */
            active: boolean;
            created_at: components["schemas"]["Time"];
            description: string | null;
            /**
             * Format: date
             * @description The day (UTC) at whose beginning it ends; `null`: never.
             */
            expires_at: string | null;
            /** Format: int64 */
            id: number;
            last_used_at: components["schemas"]["Time"] | null;
            name: string;
            revoked: boolean;
            /** @description Of `api`, `read_api`, `read_user`, `self_rotate`. */
            scopes: string[];
            /** @description The secret. Shown once: when it is made or rotated. */
            token?: string | null;
            /**
             * Format: int64
             * @description Whom it acts as: of a project's or a group's token a bot.
             */
            user_id: number;
        };
        AddMember: {
            /**
             * Format: int64
             * @description The role by GitLab's number: 10, 20, 30, 40 or 50, none above one's own.
             */
            access_level: number;
            /**
             * Format: date
             * @description The day (UTC) at whose beginning the membership ends.
             */
            expires_at?: string | null;
            /**
             * Format: int64
             * @description This or `username`.
             */
            user_id?: number | null;
            username?: string | null;
        };
        /** @enum {string} */
        Attribute: "name" | "status" | "user_id" | "started_at" | "ended_at" | "lifecycle_stage" | "artifact_uri" | "parent" | "children" | "of_model_version";
        /** @description The ones that were asked for. */
        AttributeCells: {
            artifact_uri?: string[] | null;
            children?: number[] | null;
            ended_at?: (components["schemas"]["Time"] | null)[] | null;
            lifecycle_stage?: string[] | null;
            name?: string[] | null;
            of_model_version?: boolean[] | null;
            parent?: (string | null)[] | null;
            started_at?: components["schemas"]["Time"][] | null;
            status?: string[] | null;
            user_id?: string[] | null;
        };
        /** @description One entry. Names are as they were when it was made. */
        AuditEventInfo: {
            /**
             * Format: int64
             * @description 0: the command line, the server itself, or somebody whose token was refused.
             */
            author_id: number;
            created_at: components["schemas"]["Time"];
            details: components["schemas"]["Details"];
            /**
             * Format: int64
             * @description What it belongs to; 0: the server as a whole.
             */
            entity_id: number;
            /** @description `Project`, `Group`, `User` or `Gitlab::Audit::InstanceScope`. */
            entity_type: string;
            event_name: string;
            /**
             * Format: int64
             * @description Its place in the chain; of a project's or group's list, its number there.
             */
            id: number;
        };
        /**
         * @description What the caller is in the project, and what may be done there with the session or token that asks. GitLab's
         *     `permissions` tell neither of administrators, scopes and archives, nor of what is switched off.
         */
        CallerInfo: {
            /**
             * Format: int64
             * @description The highest role by GitLab's number, direct or inherited; `null`: no member.
             */
            access_level: number | null;
            is_admin: boolean;
            may: components["schemas"]["May"];
            role: string | null;
        };
        /** @description Which run it is. */
        CandidateInfo: {
            ended_at: components["schemas"]["Time"] | null;
            /**
             * Format: int64
             * @description The number of its experiment.
             */
            experiment_iid: number;
            /**
             * Format: int64
             * @description Its number in the project.
             */
            iid: number;
            /** @description `active` or `deleted`. */
            lifecycle_stage: string;
            name: string;
            /** @description It is the run of a model version. */
            of_model_version: boolean;
            run_id: string;
            started_at: components["schemas"]["Time"];
            status: string;
        };
        /** @description The data of a `change` event: what was changed of which thing. Only the ids are told: fetch the thing itself. */
        ChangeEvent: {
            /**
             * @description One or several of `created`, `updated` (status, times, description), `renamed`, `deleted`, `restored`, `tags`,
             *     `params`, `metrics`, `artifacts`, `inputs`, `aliases`, `stage`, `published`, `provenance`, and, of an experiment,
             *     `runs`: so many of its runs that they are not named.
             * @default []
             */
            changes: string[];
            /**
             * @description Of an experiment, a run or a logged model.
             * @default null
             */
            experiment_id: string | null;
            /**
             * @description `experiment`, `run`, `logged_model`, `model` or `version`.
             * @default
             */
            kind: string;
            /**
             * @description The name of a registered model; also of a version, and of the run that a version is.
             * @default null
             */
            model: string | null;
            /**
             * @description Of a logged model.
             * @default null
             */
            model_id: string | null;
            /** @default null */
            run_id: string | null;
            /**
             * @description The SemVer of a version.
             * @default null
             */
            semver: string | null;
            /**
             * @description MLflow's number of a version; also of the run that a version is.
             * @default null
             */
            version: string | null;
        };
        ChangeInfo: {
            /** @description `type`, `required`, `shape`, `default`. */
            changed: string[];
            from: components["schemas"]["FieldInfo"];
            name: string | null;
            position: number | null;
            to: components["schemas"]["FieldInfo"];
        };
        ChangePassword: {
            /**
             * Format: password
             * @description Needs not be given for 15 minutes after signing in by a one-time link.
             */
            current_password?: string | null;
            /**
             * Format: password
             * @description 8 to 128 characters.
             */
            new_password: string;
        };
        /** @description The CI that a project is linked to. Its token is never shown. */
        CiLinkInfo: {
            has_token: boolean;
            /** @description `gitlab` or `github`. */
            kind: string;
            /** @description The project there: a path or number, `owner/repository`. */
            project: string;
            /** @description The tag of a run that names a job. */
            tag: string;
            updated_at: components["schemas"]["Time"];
            updated_by: string | null;
            /** @description GitLab's address, or the one of GitHub's REST API. */
            url: string;
        };
        ClaimInfo: {
            key: string;
            value: string;
        };
        /** @description Each list is sorted by key. */
        Columns: {
            metrics: components["schemas"]["MetricColumnInfo"][];
            /** @description A kind has more keys than are told (5,000). */
            more: boolean;
            params: components["schemas"]["TextColumnInfo"][];
            /**
             * Format: int64
             * @description How many runs there are.
             */
            runs: number;
            tags: components["schemas"]["TextColumnInfo"][];
        };
        Comparison: {
            files: components["schemas"]["FilesDifference"];
            flavors: components["schemas"]["FlavorsInfo"] | null;
            from: components["schemas"]["Side"];
            metrics: components["schemas"]["NumberChange"][];
            model: string;
            params: components["schemas"]["TextChange"][];
            /** @description `null` when a side has no requirements that can be read. */
            requirements: components["schemas"]["TextChange"][] | null;
            schema: components["schemas"]["SchemaInfo"] | null;
            to: components["schemas"]["Side"];
            warnings: string[];
        };
        Content: {
            sha256: string;
            /** Format: int64 */
            size_bytes: number;
        };
        /** @description What a new token is to be. */
        CreateAccessToken: {
            /**
             * Format: int64
             * @description Of a project's or a group's token: the role by GitLab's number, 40 when it is not said.
             */
            access_level?: number | null;
            description?: string | null;
            /**
             * Format: date
             * @description The day (UTC) at whose beginning it ends, within a year; a year from now when it is not said.
             */
            expires_at?: string | null;
            name: string;
            /** @description Of `api`, `read_api`, `read_user`, `self_rotate`. */
            scopes: string[];
        };
        CreateGroup: {
            description?: string | null;
            name: string;
            /**
             * Format: int64
             * @description The group that it is to lie in.
             */
            parent_id?: number | null;
            path: string;
            /** @description `private` (when it is not said), `internal` or `public`. */
            visibility?: string | null;
        };
        /** @description Settings of GitLab's that projects of Weir have not are left alone. */
        CreateProject: {
            description?: string | null;
            /** @description `disabled`, `private` (members) or `enabled` (when it is not said), as the next. */
            model_experiments_access_level?: string | null;
            model_registry_access_level?: string | null;
            /** @description This or `path`. */
            name?: string | null;
            /**
             * Format: int64
             * @description A group's, or a user's own namespace; the caller's own when it is not said.
             */
            namespace_id?: number | null;
            /** @description Made of the name when it is not said. */
            path?: string | null;
            /**
             * @description The number of the latest release that a model version raises when nobody chose its version: `patch` (when it is not said),
             *     `minor` or `major`. Weir's own.
             */
            version_part?: string | null;
            /** @description `private` (when it is not said), `internal` or `public`. */
            visibility?: string | null;
        };
        /** @description The same, for the description. */
        CreateTrustRule: {
            /**
             * Format: int64
             * @description GitLab's number of the role: 10, 20, 30 (the default), 40 or 50.
             */
            access_level?: number | null;
            /** @description As it stands in the token's claim `aud`. Left out, this server's address, when it knows that. */
            audience?: string | null;
            /**
             * @description Claims and what they must be, such as `{"project_path": "group/project", "ref": "main"}`; `*` stands for any
             *     characters but `/`, `**` for any. One of them says whose jobs they are.
             */
            claims: {
                [key: string]: string;
            };
            /** @description As it stands in the token's claim `iss`, such as `https://gitlab.com`. */
            issuer: string;
            /** @description What it is for. */
            name: string;
        };
        CreateUser: {
            admin?: boolean | null;
            email: string;
            name: string;
            /**
             * Format: password
             * @description 8 to 128 characters. Without one, the person signs in by a one-time link.
             */
            password?: string | null;
            /** @description Refused when true: this server sends no mails. */
            reset_password?: boolean | null;
            username: string;
        };
        Created: {
            /** @description `201 Created` */
            message: string;
        };
        CreatorInfo: {
            /** Format: int64 */
            id: number;
            username: string | null;
        };
        /** @description Who is signed in, and what its pages send along with changes. */
        Current: {
            /** @description For the header `X-CSRF-Token`; `null` under `--no-auth`. */
            csrf_token: string | null;
            session: components["schemas"]["SessionInfo"] | null;
            user: components["schemas"]["CurrentUser"];
        };
        CurrentUser: {
            email: string | null;
            /** Format: int64 */
            id: number;
            is_admin: boolean;
            name: string;
            username: string;
        };
        Details: {
            /** @description The same, as it is. */
            after: Record<string, never>;
            /** @description By what the author may: an access token or session with its number, `command line`, `server`. */
            author_means: string;
            author_name: string;
            /** @description What differs, as it was. */
            before: Record<string, never>;
            /** @description The one field that differs, when it is one. */
            change?: string | null;
            /**
             * Format: int64
             * @description How often: refused tokens are counted by minute.
             */
            count: number;
            entity_path: string;
            from?: string | null;
            ip_address: string | null;
            target_details: string;
            target_id: string;
            target_type: string;
            to?: string | null;
        };
        /** @description What every refusal of these routes carries. */
        ErrorMessage: {
            /** @description `invalid_token` (401) or `insufficient_scope` (403), when it is the access token's fault. */
            error?: string | null;
            error_description?: string | null;
            /** @description A sentence that names what was wrong. */
            message: string;
            /** @description The scopes of which one is needed, with blanks between them. */
            scope?: string | null;
        };
        /** @description `from` and `to` are what the kind says: versions that an alias pointed to, stages, names, a digest. */
        EventInfo: {
            alias: string | null;
            created_at: components["schemas"]["Time"];
            from: string | null;
            /** @description Of this event and no other. */
            id: string;
            kind: string;
            /** Format: int64 */
            number: number | null;
            to: string | null;
            user: components["schemas"]["UserInfo"];
            version: string | null;
        };
        Events: {
            events: components["schemas"]["EventInfo"][];
            next_page_token: string | null;
        };
        ExperimentList: {
            experiments: components["schemas"]["ExperimentOverview"][];
            next_page_token: string | null;
        };
        ExperimentOverview: {
            created_at: components["schemas"]["Time"];
            creator: components["schemas"]["CreatorInfo"];
            /** @description What MLflow's clients know it by: its number as text. */
            id: string;
            /** Format: int64 */
            iid: number;
            /** @description The latest of: it was made, renamed, deleted or restored; a run was made; a run ended. */
            last_activity_at: components["schemas"]["Time"];
            /** @description `active` or `deleted`. */
            lifecycle_stage: string;
            /** @description The registered model whose versions its runs are. */
            model_name: string | null;
            name: string;
            newest_run: components["schemas"]["NewestRunInfo"] | null;
            /**
             * Format: int64
             * @description Runs that are not deleted.
             */
            run_count: number;
        };
        /** @description A column, a tensor or a param; what its sort does not have is left out. */
        FieldInfo: {
            default?: unknown;
            dtype?: string | null;
            name: string | null;
            required: boolean;
            shape?: number[] | null;
            type: string;
        };
        FieldsInfo: {
            added: components["schemas"]["PlacedInfo"][];
            changed: components["schemas"]["ChangeInfo"][];
            removed: components["schemas"]["PlacedInfo"][];
        };
        FileChange: {
            from: components["schemas"]["Content"];
            path: string;
            to: components["schemas"]["Content"];
        };
        FileInfo: components["schemas"]["Content"] & {
            path: string;
        };
        /** @description In the order of the paths' bytes. */
        FilesDifference: {
            added: components["schemas"]["FileInfo"][];
            changed: components["schemas"]["FileChange"][];
            /**
             * Format: int64
             * @description How many differ beyond those listed.
             */
            not_listed: number;
            removed: components["schemas"]["FileInfo"][];
            /** Format: int64 */
            unchanged: number;
        };
        FilesInfo: {
            /** Format: int64 */
            count: number;
            /** Format: int64 */
            size_bytes: number;
        };
        FlavorsInfo: {
            added: string[];
            /** @description Options of flavours that both have. */
            changed: components["schemas"]["OptionChange"][];
            removed: string[];
        };
        /** @description What administrators see of everybody, and everybody of themselves. */
        FullUser: components["schemas"]["User"] & {
            bio: string;
            /** @description Acts for a token or a trust rule. */
            bot: boolean;
            created_at: components["schemas"]["Time"];
            email: string | null;
            external: boolean;
            is_admin: boolean;
            private_profile: boolean;
            public_email: string | null;
            two_factor_enabled: boolean;
        };
        /** @description A group as GitLab's clients read it. */
        Group: {
            avatar_url: string | null;
            created_at: components["schemas"]["Time"];
            description: string;
            full_name: string;
            full_path: string;
            /** Format: int64 */
            id: number;
            /**
             * Format: date
             * @description The day on which it is removed; `null`: it is not deleted.
             */
            marked_for_deletion_on: string | null;
            name: string;
            /** Format: int64 */
            parent_id: number | null;
            path: string;
            /** @description `private`, `internal` or `public`. */
            visibility: string;
            web_url: string;
        };
        /** @description Groups without a number come last in both directions. */
        GroupOrder: {
            by?: components["schemas"]["GroupOrderBy"];
            descending?: boolean;
            /** @description Of `metrics`, for the orders that are of a metric. */
            metric?: string | null;
        };
        /** @enum {string} */
        GroupOrderBy: "value" | "runs" | "mean" | "min" | "max" | "std_dev";
        GroupsRequest: {
            /** @description As for the table. */
            filter?: string;
            /** @description As for the table. */
            lifecycle?: string | null;
            /**
             * Format: int64
             * @description Groups that are answered, at most 10,000; 100 when it is not said.
             */
            max_results?: number | null;
            /** @description Metrics whose latest values are summed up, at most 20. */
            metrics?: string[];
            order_by?: components["schemas"]["GroupOrder"];
            /** @description The param whose values make the groups; this or `tag`. */
            param?: string | null;
            /** @description As for the table. */
            parent?: string | null;
            tag?: string | null;
        };
        /** @description A job that a tag names. */
        JobInfo: {
            checked_at: components["schemas"]["Time"] | null;
            commit: string | null;
            /** @description It does not change any more. */
            ended: boolean;
            /** @description The tag's value. */
            id: string;
            /** @description `gitlab` or `github`. */
            kind: string | null;
            merge_request: components["schemas"]["MergeRequestInfo"] | null;
            name: string | null;
            pipeline: string | null;
            pipeline_url: string | null;
            /** @description Why it is not found, or was not the last time. */
            reason: string | null;
            ref: string | null;
            /** @description `claimed` (the project is linked to no such CI), `waiting`, `found` or `unverified`. */
            state: string;
            /** @description As the CI says it, such as `running` or `success`. */
            status: string | null;
            user: string | null;
            user_url: string | null;
            web_url: string | null;
        };
        /** @description GitLab's agent for Kubernetes, which there is none of. */
        Kas: {
            enabled: boolean;
            externalUrl: string | null;
            version: string | null;
        };
        May: {
            /** @description Delete what is published, and packages. */
            delete_published: boolean;
            /** @description Settings, members, tokens, trust rules, the CI link. */
            maintain: boolean;
            /** @description Path, visibility, archive, deletion. */
            own: boolean;
            read_experiments: boolean;
            read_models: boolean;
            read_packages: boolean;
            write_experiments: boolean;
            write_models: boolean;
        };
        Member: components["schemas"]["User"] & {
            /**
             * Format: int64
             * @description The role by GitLab's number.
             */
            access_level: number;
            created_at: components["schemas"]["Time"];
            /**
             * Format: date
             * @description The day (UTC) at whose beginning the membership ends; `null`: it does not.
             */
            expires_at: string | null;
            /**
             * @description The group, or the user whose namespace it is, that the role comes from; `null` for a direct member. GitLab tells
             *     it on its pages only.
             */
            inherited_from: string | null;
            /** @description Always `active`. */
            membership_state: string;
        };
        MergeRequestInfo: {
            /** @description Its number in the project. */
            iid: string;
            title: string | null;
            web_url: string | null;
        };
        Methods: {
            /** @description Nobody needs to: the server runs with `--no-auth`. */
            no_auth: boolean;
            oidc: components["schemas"]["OidcMethod"] | null;
            /** @description By user name and password. */
            password: boolean;
        };
        /** @description The values that were asked for. Where a metric has only NaN, `min` and `max` are `null`. */
        MetricCells: {
            count?: (number | null)[] | null;
            first?: (components["schemas"]["NumberOrWord"] | null)[] | null;
            key: string;
            last?: (components["schemas"]["NumberOrWord"] | null)[] | null;
            max?: (components["schemas"]["NumberOrWord"] | null)[] | null;
            min?: (components["schemas"]["NumberOrWord"] | null)[] | null;
        };
        MetricColumnInfo: {
            /** @description `runs` is counted; otherwise it is reckoned up from a sample of about 1,000 runs. */
            exact: boolean;
            key: string;
            /**
             * Format: int64
             * @description How many runs have it.
             */
            runs: number;
        };
        MetricColumns: {
            key: string;
            /** @description `last` alone when it is not said. */
            values?: components["schemas"]["MetricValue"][];
        };
        /** @enum {string} */
        MetricValue: "last" | "min" | "max" | "first" | "count";
        MlModelInfo: {
            artifact_path: string | null;
            flavors: {
                [key: string]: {
                    [key: string]: string;
                };
            };
            mlflow_version: string | null;
            model_id: string | null;
            /** Format: int64 */
            model_size_bytes: number | null;
            model_uuid: string | null;
            path: string;
            requirements: components["schemas"]["RequirementsInfo"] | null;
            run_id: string | null;
            saved_input_example_info: {
                [key: string]: string;
            } | null;
            signature: components["schemas"]["SignatureInfo"] | null;
            utc_time_created: string | null;
            warnings: string[];
        };
        Namespace: {
            avatar_url: string | null;
            full_path: string;
            /** Format: int64 */
            id: number;
            /** @description `user` or `group`. */
            kind: string;
            name: string;
            /** Format: int64 */
            parent_id: number | null;
            path: string;
            web_url: string;
        };
        NewestRunInfo: {
            created_at: components["schemas"]["Time"];
            /** Format: int64 */
            iid: number;
            name: string;
            run_id: string;
        };
        NumberChange: {
            from: components["schemas"]["NumberOrWord"] | null;
            name: string;
            to: components["schemas"]["NumberOrWord"] | null;
        };
        /** @description a number, or `NaN`, `Infinity`, `-Infinity` as text */
        NumberOrWord: number | string;
        OidcMethod: {
            /** @description What people call the provider. */
            name: string;
            /** @description Where the sign-in starts, below this server's address; `?return_to=/path` says where it ends. */
            path: string;
        };
        OptionChange: {
            flavor: string;
            from: string | null;
            option: string;
            to: string | null;
        };
        PackageFile: {
            created_at: components["schemas"]["Time"];
            /** @description Always null: only SHA-256 is kept. */
            file_md5: string | null;
            /** @description With the folders that it is in. */
            file_name: string;
            /** @description Always null: only SHA-256 is kept. */
            file_sha1: string | null;
            file_sha256: string;
            /**
             * Format: int64
             * @description Of these bytes at this place: a file that is put again has another.
             */
            id: number;
            /** Format: int64 */
            package_id: number;
            /** Format: int64 */
            size: number;
        };
        PackageInfo: {
            _links: components["schemas"]["PackageLinks"];
            created_at: components["schemas"]["Time"];
            /** Format: int64 */
            id: number;
            last_downloaded_at: components["schemas"]["Time"] | null;
            /**
             * Format: int64
             * @description When that run is a model version: the id in `packages/ml_models/{model_version_id}`.
             */
            model_version_id: number | null;
            name: string;
            /** @example ml_model */
            package_type: string;
            /** @description Of an `ml_model`: the run whose files these are. */
            run_id: string | null;
            /** @example default */
            status: string;
            /** @description Always empty. */
            tags: string[];
            version: string;
        };
        PackageLinks: {
            /** @description For callers who may delete it. */
            delete_api_path?: string | null;
            web_path: string;
        };
        Permission: {
            /** Format: int64 */
            access_level: number;
        };
        /** @description The roles that count: the direct one and the highest of the groups that the project lies in. */
        Permissions: {
            group_access: components["schemas"]["Permission"] | null;
            project_access: components["schemas"]["Permission"] | null;
        };
        /** @description A field; one without a name has its place among those without. */
        PlacedInfo: components["schemas"]["FieldInfo"] & {
            position: number | null;
        };
        Project: components["schemas"]["ProjectSettings"] & {
            avatar_url: string | null;
            created_at: components["schemas"]["Time"];
            /** @description Always `null`: there is no repository. */
            default_branch: string | null;
            description: string;
            /** Format: int64 */
            id: number;
            last_activity_at: components["schemas"]["Time"];
            name: string;
            name_with_namespace: string;
            namespace: components["schemas"]["Namespace"];
            path: string;
            path_with_namespace: string;
            web_url: string;
        };
        /** @description What `simple=true` leaves out. */
        ProjectSettings: {
            archived: boolean;
            caller: components["schemas"]["CallerInfo"];
            /** Format: int64 */
            creator_id: number;
            empty_repo: boolean;
            /**
             * Format: date
             * @description The day on which it is removed; `null`: it is not deleted.
             */
            marked_for_deletion_at: string | null;
            /** Format: date */
            marked_for_deletion_on: string | null;
            /** @description `disabled`, `private` (members) or `enabled`, as the next. */
            model_experiments_access_level: string;
            model_registry_access_level: string;
            /** @description Packages are a project's files; they have no switch of their own. */
            package_registry_access_level: string;
            packages_enabled: boolean;
            permissions: components["schemas"]["Permissions"];
            updated_at: components["schemas"]["Time"];
            /**
             * @description The number of the latest release that a model version raises when nobody chose its version: `patch`,
             *     `minor` or `major`. Weir's own.
             */
            version_part: string;
            /** @description `private`, `internal` or `public`. */
            visibility: string;
        };
        /** @description Where a run, or the run that a model version is, comes from. */
        ProvenanceInfo: {
            /** @description What the run's tags say of a CI: anybody who may write may have set them. */
            claimed: components["schemas"]["ClaimInfo"][];
            job: components["schemas"]["JobInfo"] | null;
            /**
             * @description CI jobs that made the run or wrote to it with an ID token of their issuer: the one that made it first. No tag
             *     changes this.
             */
            verified: components["schemas"]["VerifiedJob"][];
        };
        /** @description The same, for the description. */
        PutCiLink: {
            /** @description `gitlab` or `github`. */
            kind: string;
            /** @description The project there: GitLab's path or number, GitHub's `owner/repository`. */
            project: string;
            /**
             * @description A token that may read jobs there: GitLab's scope `read_api`. Left out, the one that the link has stays if
             *     nothing else changes; an empty one is none.
             */
            token?: string | null;
            /** @description GitLab's address, or the one of GitHub's REST API. Left out: `https://gitlab.com`, `https://api.github.com`. */
            url?: string | null;
        };
        RequiredPackage: {
            name: string;
            specifier: string;
        };
        RequirementsInfo: {
            comments: string[];
            options: string[];
            packages: components["schemas"]["RequiredPackage"][];
        };
        RotateAccessToken: {
            /**
             * Format: date
             * @description The day (UTC) at whose beginning the new token ends; a week from now when it is not said.
             */
            expires_at?: string | null;
        };
        /** @description Over the latest values of the group's runs, NaN apart; `null` where there are none. */
        RunGroupMetric: {
            /** @description Runs with a number. */
            count: number[];
            key: string;
            max: (components["schemas"]["NumberOrWord"] | null)[];
            mean: (components["schemas"]["NumberOrWord"] | null)[];
            min: (components["schemas"]["NumberOrWord"] | null)[];
            /** @description Of a sample (divided by count - 1). */
            std_dev: (components["schemas"]["NumberOrWord"] | null)[];
        };
        /** @description Every list has a place for each group. */
        RunGroups: {
            metrics: components["schemas"]["RunGroupMetric"][];
            runs: number[];
            /** @description How many groups there are, those included that are not answered. */
            total: number;
            /** @description `null`: the runs that lack the param or tag. The first 500 characters of a value make the group. */
            values: (string | null)[];
        };
        /** @description Every list has a place for each row; `null` where a run has nothing. */
        RunTable: {
            attributes: components["schemas"]["AttributeCells"];
            /** @description Numbers of the runs in the project. */
            iids: number[];
            metrics: components["schemas"]["MetricCells"][];
            next_page_token: string | null;
            params: components["schemas"]["TextCells"][];
            rows: number;
            run_ids: string[];
            tags: components["schemas"]["TextCells"][];
            /**
             * Format: int64
             * @description How many runs match in all. With `count: cheap` it is told on the first page only, and only when there is no
             *     filter, when a condition of the filter has fewer than 10,000 rows, or when the experiment has at most 10,000 runs;
             *     `exact` looks at every run (about 3 µs each); else it is `null`.
             */
            total: number | null;
        };
        SchemaInfo: {
            inputs: components["schemas"]["FieldsInfo"];
            outputs: components["schemas"]["FieldsInfo"];
            params: components["schemas"]["FieldsInfo"];
        };
        SeriesHeader: {
            /** @description `step`, `time` (milliseconds since 1970) or `relative` (milliseconds since the run started). */
            axis: string;
            /** @description What is told of each bucket, in the order of the arrays: some of `min`, `max`, `mean`, `last`. */
            fields: string[];
            metrics: string[];
            /** @description Ids, as they were asked for. */
            runs: string[];
            /** @description By run, then by metric. A run without a point of a metric in the range has none of it. */
            series: components["schemas"]["SeriesInfo"][];
            /** @description Arrays that series share. */
            xs: components["schemas"]["XArray"][];
        };
        /**
         * @description One history. With `width` 0 it is exact: `length` doubles of x in `xs[x]`, and as many doubles at `offset`. Else it is
         *     buckets: for each of `fields` there are `length` values of `bytes` bytes, one array behind the other from `offset` on.
         *     Bucket `i` begins at `start + xs[x][i] * width` and ends before the next multiple of `width`.
         */
        SeriesInfo: {
            /** @description 4 or 8. */
            bytes: number;
            length: number;
            /** @description Place in `metrics`. */
            metric: number;
            /** @description Buckets in which a value is NaN; where all are, `min`, `max` and `mean` are NaN. */
            nan?: number[];
            offset: number;
            /**
             * Format: int64
             * @description In the range, before they were thinned.
             */
            points: number;
            /** @description Place in `runs`. */
            run: number;
            /** Format: double */
            start: number;
            /** Format: double */
            width: number;
            x: number;
        };
        SeriesRequest: {
            /** @description What is told of a bucket: some of `min`, `max`, `mean`, `last`; all when it is not said. */
            fields?: string[];
            /**
             * Format: int64
             * @description The part of the axis, both ends included.
             */
            from?: number | null;
            /** @description Keys, at most 100. */
            metrics: string[];
            /**
             * Format: int64
             * @description What a history is thinned to: one with no more points comes whole, any other as buckets, at least half as many.
             *     From 2 to 10,000, 400 when it is not said; runs x metrics x points may be at most 1,000,000.
             */
            points?: number | null;
            /** @description Ids, at most 500. */
            runs: string[];
            /** Format: int64 */
            to?: number | null;
            /** @description `step` when it is not said, `time` (milliseconds since 1970) or `relative` (milliseconds since the run started). */
            x?: string;
        };
        ServerMetadata: {
            enterprise: boolean;
            kas: components["schemas"]["Kas"];
            revision: string;
            version: string;
        };
        ServerVersion: {
            revision: string;
            version: string;
        };
        SessionInfo: {
            address: string;
            created_at: components["schemas"]["Time"];
            /** @description It is the one that asks. */
            current: boolean;
            /** @description Unless it is used before; 30 days after `created_at` at the latest, one day for `oidc`. */
            expires_at: components["schemas"]["Time"];
            /** Format: int64 */
            id: number;
            last_used_at: components["schemas"]["Time"];
            /** @description `password`, `link` or `oidc`. */
            method: string;
            user_agent: string;
        };
        Sessions: {
            sessions: components["schemas"]["SessionInfo"][];
        };
        Side: {
            /** Format: int64 */
            number: number;
            version: string;
        };
        SignIn: {
            /** Format: password */
            password: string;
            username: string;
        };
        SignInLink: {
            expires_at: components["schemas"]["Time"];
            /** @description Below this server's address, as the pages are. It is a secret, and told only here. */
            path: string;
            username: string;
        };
        SignatureInfo: {
            inputs: components["schemas"]["FieldInfo"][];
            outputs: components["schemas"]["FieldInfo"][];
            params: components["schemas"]["FieldInfo"][];
        };
        /** @description What the version was made from. */
        SourceInfo: {
            logged_model_id: string | null;
            model_version: components["schemas"]["SourceVersion"] | null;
            run_id: string | null;
            run_link: string;
            /** @description As the client sent it. */
            uri: string;
        };
        /** @description The version in the source: `version` is what stands there, so a number, a SemVer, an alias and so on. */
        SourceVersion: {
            model: string;
            version: string;
        };
        /** @description What is told of each run besides its id and number. */
        TableColumns: {
            attributes?: components["schemas"]["Attribute"][];
            metrics?: components["schemas"]["MetricColumns"][];
            params?: string[];
            tags?: string[];
            /**
             * Format: int64
             * @description Characters of a param or tag that are told; 250 when it is not said, at most 4,000.
             */
            text_limit?: number | null;
        };
        TableRequest: {
            columns?: components["schemas"]["TableColumns"];
            /** @description `cheap` when it is not said, `exact` or `none`: see `total`. */
            count?: string | null;
            /** @description MLflow's filter language with `OR`, `NOT` and parentheses. An error names the character. */
            filter?: string;
            /** @description `active` when it is not said, `deleted` or `all`. */
            lifecycle?: string | null;
            /**
             * Format: int64
             * @description From 0 (to count only) to 1,000; 100 when it is not said.
             */
            max_results?: number | null;
            /** @description As MLflow has it, such as `metrics.loss DESC`, and also `metrics_min.loss`, `metrics_max.loss`. */
            order_by?: string[];
            /** @description `next_page_token` of the page before. */
            page_token?: string | null;
            /** @description Left out: nested or not. `top`: runs without a parent. The id of a run: its children. */
            parent?: string | null;
        };
        TagInfo: {
            key: string;
            value: string;
        };
        TextCells: {
            /** @description Rows whose value is longer than told. */
            cut?: number[];
            key: string;
            values: (string | null)[];
        };
        /** @description `null` where it is not there. */
        TextChange: {
            from: string | null;
            name: string;
            to: string | null;
        };
        TextColumnInfo: {
            /** @description `runs` is counted; otherwise it is reckoned up from a sample of about 1,000 runs. */
            exact: boolean;
            key: string;
            /** @description `number` when every value that was looked at is one, else `text`. */
            kind: string;
            /**
             * Format: int64
             * @description How many runs have it.
             */
            runs: number;
            /** @description The different values that were met (their first 100 characters), sorted, when they are at most 20. */
            values: string[] | null;
        };
        /**
         * Format: date-time
         * @description ISO 8601 in UTC with milliseconds
         * @example 2026-01-01T00:00:00.000Z
         */
        Time: string;
        /** @description Which CI jobs may come with an ID token of their own, and what they are in the project then. */
        TrustRuleInfo: {
            /**
             * Format: int64
             * @description GitLab's number of the role.
             */
            access_level: number;
            /** @description What must be among the token's claim `aud`. */
            audience: string;
            /** @description Further claims and what they must be; `*` stands for any characters but `/`, `**` for any. */
            claims: {
                [key: string]: string;
            };
            created_at: components["schemas"]["Time"];
            created_by: string | null;
            /** Format: int64 */
            id: number;
            /** @description What the token's claim `iss` must be. */
            issuer: string;
            name: string;
            role: string;
            /**
             * Format: int64
             * @description Of the bot that the jobs act as.
             */
            user_id: number;
        };
        UpdateGroup: {
            description?: string | null;
            name?: string | null;
            /** @description The last part of the full path. */
            path?: string | null;
            /** @description `private`, `internal` or `public`. */
            visibility?: string | null;
        };
        UpdateMember: {
            /**
             * Format: int64
             * @description The role by GitLab's number.
             */
            access_level: number;
            /** @description Stays when it is left out; empty or `null`: the membership does not end. */
            expires_at?: string | null;
        };
        UpdateOwn: {
            /** @description For administrators: this server sends no mails, so it cannot see whose an address is. */
            email?: string | null;
            name?: string | null;
        };
        /** @description Settings of GitLab's that projects of Weir have not are left alone. */
        UpdateProject: {
            description?: string | null;
            /** @description `disabled`, `private` (members) or `enabled`, as the next. */
            model_experiments_access_level?: string | null;
            model_registry_access_level?: string | null;
            name?: string | null;
            /** @description The last part of the full path; for owners, as the visibility is. */
            path?: string | null;
            /**
             * @description The number of the latest release that a model version raises when nobody chose its version: `patch`,
             *     `minor` or `major`. Weir's own.
             */
            version_part?: string | null;
            /** @description `private`, `internal` or `public`. */
            visibility?: string | null;
        };
        UpdateUser: {
            admin?: boolean | null;
            email?: string | null;
            name?: string | null;
            /**
             * Format: password
             * @description Ends the sessions of the user.
             */
            password?: string | null;
        };
        /** @description What everybody sees of a user. */
        User: {
            avatar_url: string | null;
            /** Format: int64 */
            id: number;
            locked: boolean;
            name: string;
            /** @description `active` or `blocked`. */
            state: string;
            username: string;
            web_url: string;
        };
        UserInfo: {
            /** Format: int64 */
            id: number;
            username: string | null;
        };
        /** @description A CI job as its issuer vouches for it; `null` is what the token does not say. */
        VerifiedJob: {
            /** @description Who started it. */
            actor: string | null;
            attempt: string | null;
            commit: string | null;
            environment: string | null;
            /** @description When it made the run, or wrote to it first. */
            first_at: components["schemas"]["Time"];
            issuer: string;
            job: string | null;
            /** @description `gitlab`, `github` or `other`. */
            kind: string;
            /** @description It made the run, and did not only write to it. */
            made: boolean;
            /** @description GitLab's pipeline, GitHub's run. */
            pipeline: string | null;
            /** @description GitLab's full path of a project, GitHub's `owner/repository`. */
            project: string | null;
            ref: string | null;
            ref_protected: boolean | null;
            subject: string | null;
            web_url: string | null;
            workflow: string | null;
        };
        VersionInfo: {
            aliases: string[];
            artifact_uri: string;
            created_at: components["schemas"]["Time"];
            created_by: string | null;
            description: string;
            /** @description `sha256:<hex>` over all files, once it is published. */
            digest: string | null;
            files: components["schemas"]["FilesInfo"];
            mlmodel: components["schemas"]["MlModelInfo"] | null;
            /** @description Why it cannot be read. */
            mlmodel_warning: string | null;
            model: string;
            /**
             * Format: int64
             * @description MLflow's version.
             */
            number: number;
            /** @description Where the run that the version is comes from. */
            provenance: components["schemas"]["ProvenanceInfo"];
            published_at: components["schemas"]["Time"] | null;
            published_by: string | null;
            run_id: string;
            source: components["schemas"]["SourceInfo"];
            stage: string;
            tags: components["schemas"]["TagInfo"][];
            updated_at: components["schemas"]["Time"];
            /** @description SemVer. */
            version: string;
        };
        XArray: {
            length: number;
            offset: number;
            /** @description `f64` or `u32`. */
            type: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    finish_oidc: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description signed in: the cookie weir_session is set, and Location is where to go on */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description not signed in */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": unknown;
                };
            };
            /** @description there is no provider */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    start_oidc: {
        parameters: {
            query?: {
                /** @description A path of this server to go to when it is done. */
                return_to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description to the provider */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description there is none */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the provider cannot be reached */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": unknown;
                };
            };
        };
    };
    change_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePassword"];
            };
        };
        responses: {
            /** @description changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Current"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Current"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description signed in: the cookie weir_session is set */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Current"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the user name or the password is wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the request comes from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description too many attempts; `Retry-After` says when to try again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description signed out: the cookie is taken away */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    list_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description at most 50 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sessions"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    sign_out_everywhere: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description every session of the user has ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    end_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description As `GET /-/sessions` lists it. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description it has ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    show_sign_in_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What `weir user sign-in-link` printed. */
                secret: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": unknown;
                };
            };
            /** @description the link was used or has expired */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": unknown;
                };
            };
        };
    };
    use_sign_in_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What `weir user sign-in-link` printed. */
                secret: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description signed in: the cookie weir_session is set, and the pages begin at Location */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description the request comes from another site */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description the link was used or has expired */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": unknown;
                };
            };
        };
    };
    get_sign_in_methods: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the ways */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Methods"];
                };
            };
        };
    };
    list_audit_events: {
        parameters: {
            query?: {
                /** @description Only those from this time on. */
                created_after?: string;
                /** @description Only those up to this time. */
                created_before?: string;
                /** @description `Project`, `Group`, `User` or `Gitlab::Audit::InstanceScope`; of the server's list only. */
                entity_type?: string;
                /** @description With `entity_type`. */
                entity_id?: number;
                /** @description From 1. */
                page?: number;
                /** @description Of a page; 20 when it is not said. More than 100 are 100. */
                per_page?: number;
                /** @description `offset` (when it is not said) or `keyset`, which goes by id. */
                pagination?: string;
                /** @description Of a page by keyset; stands in the `Link` header of the page before. */
                id_after?: number;
                /** @description The same when the order is descending. */
                id_before?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEventInfo"][];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_audit_event: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description From the list. */
                audit_event: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the entry */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEventInfo"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    list_groups: {
        parameters: {
            query?: {
                /** @description Part of the name or path. */
                search?: string;
                /** @description Only those that the caller owns. */
                owned?: boolean;
                /** @description Only those in which the caller has this role, by GitLab's number, or a higher one. */
                min_access_level?: number;
                /** @description `private`, `internal` or `public`. */
                visibility?: string;
                /** @description Only those that lie in no other. */
                top_level_only?: boolean;
                /** @description `id`, `name`, `path` or another field that the list has an order by. */
                order_by?: string;
                /** @description `asc` or `desc`. */
                sort?: string;
                /** @description From 1. */
                page?: number;
                /** @description Of a page; 20 when it is not said. More than 100 are 100. */
                per_page?: number;
                /** @description `offset` (when it is not said) or `keyset`, which goes by id. */
                pagination?: string;
                /** @description Of a page by keyset; stands in the `Link` header of the page before. */
                id_after?: number;
                /** @description The same when the order is descending. */
                id_before?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"][];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    create_group: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateGroup"];
            };
        };
        responses: {
            /** @description the group */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_group: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the group */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    update_group: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                group: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateGroup"];
            };
        };
        responses: {
            /** @description the group */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    delete_group: {
        parameters: {
            query?: {
                /** @description At once, of what waits to be removed already. */
                permanently_remove?: boolean;
                /** @description Its full path, which must be named then. */
                full_path?: string;
            };
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description it will be done */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    list_group_access_tokens: {
        parameters: {
            query?: {
                /** @description `active` or `inactive`. */
                state?: string;
                revoked?: boolean;
                /** @description Part of the name. */
                search?: string;
                /** @description `created`, `expires`, `last_used` or `name` with `_asc` or `_desc` behind it; `created_desc` when it is not said. */
                sort?: string;
                /** @description A day or a time, as of the next five. */
                created_after?: string;
                created_before?: string;
                expires_after?: string;
                expires_before?: string;
                last_used_after?: string;
                last_used_before?: string;
                /** @description Whose: everybody's to administrators when it is not said, else one's own. Of personal tokens only. */
                user_id?: number;
                /** @description From 1. */
                page?: number;
                /** @description Of a page; 20 when it is not said. More than 100 are 100. */
                per_page?: number;
                /** @description `offset` (when it is not said) or `keyset`, which goes by id. */
                pagination?: string;
                /** @description Of a page by keyset; stands in the `Link` header of the page before. */
                id_after?: number;
                /** @description The same when the order is descending. */
                id_before?: number;
            };
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"][];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    create_group_access_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                group: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateAccessToken"];
            };
        };
        responses: {
            /** @description the token with its secret */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    rotate_own_group_access_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                group: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateAccessToken"];
            };
        };
        responses: {
            /** @description the new token with its secret */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_group_access_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                group: string;
                /** @description The number of the token. */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the token */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    revoke_group_access_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                group: string;
                /** @description The number of the token. */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description it has ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    rotate_group_access_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                group: string;
                /** @description The number of the token. */
                token: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateAccessToken"];
            };
        };
        responses: {
            /** @description the new token with its secret */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    list_group_audit_events: {
        parameters: {
            query?: {
                /** @description Only those from this time on. */
                created_after?: string;
                /** @description Only those up to this time. */
                created_before?: string;
                /** @description `Project`, `Group`, `User` or `Gitlab::Audit::InstanceScope`; of the server's list only. */
                entity_type?: string;
                /** @description With `entity_type`. */
                entity_id?: number;
                /** @description From 1. */
                page?: number;
                /** @description Of a page; 20 when it is not said. More than 100 are 100. */
                per_page?: number;
                /** @description `offset` (when it is not said) or `keyset`, which goes by id. */
                pagination?: string;
                /** @description Of a page by keyset; stands in the `Link` header of the page before. */
                id_after?: number;
                /** @description The same when the order is descending. */
                id_before?: number;
            };
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEventInfo"][];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_group_audit_event: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                group: string;
                /** @description From the list. */
                audit_event: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the entry */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEventInfo"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    list_descendant_groups: {
        parameters: {
            query?: {
                /** @description Part of the name or path. */
                search?: string;
                /** @description Only those that the caller owns. */
                owned?: boolean;
                /** @description Only those in which the caller has this role, by GitLab's number, or a higher one. */
                min_access_level?: number;
                /** @description `private`, `internal` or `public`. */
                visibility?: string;
                /** @description Only those that lie in no other. */
                top_level_only?: boolean;
                /** @description `id`, `name`, `path` or another field that the list has an order by. */
                order_by?: string;
                /** @description `asc` or `desc`. */
                sort?: string;
                /** @description From 1. */
                page?: number;
                /** @description Of a page; 20 when it is not said. More than 100 are 100. */
                per_page?: number;
                /** @description `offset` (when it is not said) or `keyset`, which goes by id. */
                pagination?: string;
                /** @description Of a page by keyset; stands in the `Link` header of the page before. */
                id_after?: number;
                /** @description The same when the order is descending. */
                id_before?: number;
            };
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"][];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    list_group_members: {
        parameters: {
            query?: {
                /** @description Part of the name or user name. */
                query?: string;
                /** @description From 1. */
                page?: number;
                /** @description Of a page; 20 when it is not said. More than 100 are 100. */
                per_page?: number;
                /** @description `offset` (when it is not said) or `keyset`, which goes by id. */
                pagination?: string;
                /** @description Of a page by keyset; stands in the `Link` header of the page before. */
                id_after?: number;
                /** @description The same when the order is descending. */
                id_before?: number;
            };
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"][];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    add_group_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                group: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddMember"];
            };
        };
        responses: {
            /** @description the member */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description is a member already */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    list_all_group_members: {
        parameters: {
            query?: {
                /** @description Part of the name or user name. */
                query?: string;
                /** @description From 1. */
                page?: number;
                /** @description Of a page; 20 when it is not said. More than 100 are 100. */
                per_page?: number;
                /** @description `offset` (when it is not said) or `keyset`, which goes by id. */
                pagination?: string;
                /** @description Of a page by keyset; stands in the `Link` header of the page before. */
                id_after?: number;
                /** @description The same when the order is descending. */
                id_before?: number;
            };
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"][];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_any_group_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                group: string;
                /** @description The number of the user. */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the member */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_group_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                group: string;
                /** @description The number of the user. */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the member */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    update_group_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                group: string;
                /** @description The number of the user. */
                user: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateMember"];
            };
        };
        responses: {
            /** @description the member */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    remove_group_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                group: string;
                /** @description The number of the user. */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description is no direct member any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    list_projects_of_group: {
        parameters: {
            query?: {
                /** @description Part of the name or path. */
                search?: string;
                /** @description Part of the full path, too. */
                search_namespaces?: boolean;
                /** @description `private`, `internal` or `public`. */
                visibility?: string;
                /** @description Only those that the caller is a member of. */
                membership?: boolean;
                /** @description Only those that the caller owns. */
                owned?: boolean;
                /** @description Only those in which the caller has this role, by GitLab's number, or a higher one. */
                min_access_level?: number;
                /** @description Only archived ones, or only others. */
                archived?: boolean;
                /** @description Without `ProjectSettings`. */
                simple?: boolean;
                /** @description Those that wait to be removed, too. */
                include_pending_delete?: boolean;
                /** @description Of a group's projects: those of its subgroups, too. */
                include_subgroups?: boolean;
                /** @description `id`, `name`, `path` or another field that the list has an order by. */
                order_by?: string;
                /** @description `asc` or `desc`. */
                sort?: string;
                /** @description From 1. */
                page?: number;
                /** @description Of a page; 20 when it is not said. More than 100 are 100. */
                per_page?: number;
                /** @description `offset` (when it is not said) or `keyset`, which goes by id. */
                pagination?: string;
                /** @description Of a page by keyset; stands in the `Link` header of the page before. */
                id_after?: number;
                /** @description The same when the order is descending. */
                id_before?: number;
            };
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"][];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    restore_group: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the group */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    list_subgroups: {
        parameters: {
            query?: {
                /** @description Part of the name or path. */
                search?: string;
                /** @description Only those that the caller owns. */
                owned?: boolean;
                /** @description Only those in which the caller has this role, by GitLab's number, or a higher one. */
                min_access_level?: number;
                /** @description `private`, `internal` or `public`. */
                visibility?: string;
                /** @description Only those that lie in no other. */
                top_level_only?: boolean;
                /** @description `id`, `name`, `path` or another field that the list has an order by. */
                order_by?: string;
                /** @description `asc` or `desc`. */
                sort?: string;
                /** @description From 1. */
                page?: number;
                /** @description Of a page; 20 when it is not said. More than 100 are 100. */
                per_page?: number;
                /** @description `offset` (when it is not said) or `keyset`, which goes by id. */
                pagination?: string;
                /** @description Of a page by keyset; stands in the `Link` header of the page before. */
                id_after?: number;
                /** @description The same when the order is descending. */
                id_before?: number;
            };
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"][];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_metadata: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the server */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServerMetadata"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    list_personal_access_tokens: {
        parameters: {
            query?: {
                /** @description `active` or `inactive`. */
                state?: string;
                revoked?: boolean;
                /** @description Part of the name. */
                search?: string;
                /** @description `created`, `expires`, `last_used` or `name` with `_asc` or `_desc` behind it; `created_desc` when it is not said. */
                sort?: string;
                /** @description A day or a time, as of the next five. */
                created_after?: string;
                created_before?: string;
                expires_after?: string;
                expires_before?: string;
                last_used_after?: string;
                last_used_before?: string;
                /** @description Whose: everybody's to administrators when it is not said, else one's own. Of personal tokens only. */
                user_id?: number;
                /** @description From 1. */
                page?: number;
                /** @description Of a page; 20 when it is not said. More than 100 are 100. */
                per_page?: number;
                /** @description `offset` (when it is not said) or `keyset`, which goes by id. */
                pagination?: string;
                /** @description Of a page by keyset; stands in the `Link` header of the page before. */
                id_after?: number;
                /** @description The same when the order is descending. */
                id_before?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"][];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_own_access_token: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the token */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    revoke_own_access_token: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description it has ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    rotate_own_access_token: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateAccessToken"];
            };
        };
        responses: {
            /** @description the new token with its secret */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_personal_access_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The number of the token. */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the token */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    revoke_personal_access_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The number of the token. */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description it has ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    rotate_personal_access_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The number of the token. */
                token: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateAccessToken"];
            };
        };
        responses: {
            /** @description the new token with its secret */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    list_projects: {
        parameters: {
            query?: {
                /** @description Part of the name or path. */
                search?: string;
                /** @description Part of the full path, too. */
                search_namespaces?: boolean;
                /** @description `private`, `internal` or `public`. */
                visibility?: string;
                /** @description Only those that the caller is a member of. */
                membership?: boolean;
                /** @description Only those that the caller owns. */
                owned?: boolean;
                /** @description Only those in which the caller has this role, by GitLab's number, or a higher one. */
                min_access_level?: number;
                /** @description Only archived ones, or only others. */
                archived?: boolean;
                /** @description Without `ProjectSettings`. */
                simple?: boolean;
                /** @description Those that wait to be removed, too. */
                include_pending_delete?: boolean;
                /** @description Of a group's projects: those of its subgroups, too. */
                include_subgroups?: boolean;
                /** @description `id`, `name`, `path` or another field that the list has an order by. */
                order_by?: string;
                /** @description `asc` or `desc`. */
                sort?: string;
                /** @description From 1. */
                page?: number;
                /** @description Of a page; 20 when it is not said. More than 100 are 100. */
                per_page?: number;
                /** @description `offset` (when it is not said) or `keyset`, which goes by id. */
                pagination?: string;
                /** @description Of a page by keyset; stands in the `Link` header of the page before. */
                id_after?: number;
                /** @description The same when the order is descending. */
                id_before?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"][];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    create_project: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateProject"];
            };
        };
        responses: {
            /** @description the project */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_project: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the project */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    update_project: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateProject"];
            };
        };
        responses: {
            /** @description the project */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    delete_project: {
        parameters: {
            query?: {
                /** @description At once, of what waits to be removed already. */
                permanently_remove?: boolean;
                /** @description Its full path, which must be named then. */
                full_path?: string;
            };
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description it will be done */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    list_project_access_tokens: {
        parameters: {
            query?: {
                /** @description `active` or `inactive`. */
                state?: string;
                revoked?: boolean;
                /** @description Part of the name. */
                search?: string;
                /** @description `created`, `expires`, `last_used` or `name` with `_asc` or `_desc` behind it; `created_desc` when it is not said. */
                sort?: string;
                /** @description A day or a time, as of the next five. */
                created_after?: string;
                created_before?: string;
                expires_after?: string;
                expires_before?: string;
                last_used_after?: string;
                last_used_before?: string;
                /** @description Whose: everybody's to administrators when it is not said, else one's own. Of personal tokens only. */
                user_id?: number;
                /** @description From 1. */
                page?: number;
                /** @description Of a page; 20 when it is not said. More than 100 are 100. */
                per_page?: number;
                /** @description `offset` (when it is not said) or `keyset`, which goes by id. */
                pagination?: string;
                /** @description Of a page by keyset; stands in the `Link` header of the page before. */
                id_after?: number;
                /** @description The same when the order is descending. */
                id_before?: number;
            };
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"][];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    create_project_access_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateAccessToken"];
            };
        };
        responses: {
            /** @description the token with its secret */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    rotate_own_project_access_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateAccessToken"];
            };
        };
        responses: {
            /** @description the new token with its secret */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_project_access_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description The number of the token. */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the token */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    revoke_project_access_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description The number of the token. */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description it has ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    rotate_project_access_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description The number of the token. */
                token: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateAccessToken"];
            };
        };
        responses: {
            /** @description the new token with its secret */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    archive_project: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the project */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    list_project_audit_events: {
        parameters: {
            query?: {
                /** @description Only those from this time on. */
                created_after?: string;
                /** @description Only those up to this time. */
                created_before?: string;
                /** @description `Project`, `Group`, `User` or `Gitlab::Audit::InstanceScope`; of the server's list only. */
                entity_type?: string;
                /** @description With `entity_type`. */
                entity_id?: number;
                /** @description From 1. */
                page?: number;
                /** @description Of a page; 20 when it is not said. More than 100 are 100. */
                per_page?: number;
                /** @description `offset` (when it is not said) or `keyset`, which goes by id. */
                pagination?: string;
                /** @description Of a page by keyset; stands in the `Link` header of the page before. */
                id_after?: number;
                /** @description The same when the order is descending. */
                id_before?: number;
            };
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEventInfo"][];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_project_audit_event: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description From the list. */
                audit_event: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the entry */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEventInfo"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    list_project_members: {
        parameters: {
            query?: {
                /** @description Part of the name or user name. */
                query?: string;
                /** @description From 1. */
                page?: number;
                /** @description Of a page; 20 when it is not said. More than 100 are 100. */
                per_page?: number;
                /** @description `offset` (when it is not said) or `keyset`, which goes by id. */
                pagination?: string;
                /** @description Of a page by keyset; stands in the `Link` header of the page before. */
                id_after?: number;
                /** @description The same when the order is descending. */
                id_before?: number;
            };
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"][];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    add_project_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddMember"];
            };
        };
        responses: {
            /** @description the member */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description is a member already */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    list_all_project_members: {
        parameters: {
            query?: {
                /** @description Part of the name or user name. */
                query?: string;
                /** @description From 1. */
                page?: number;
                /** @description Of a page; 20 when it is not said. More than 100 are 100. */
                per_page?: number;
                /** @description `offset` (when it is not said) or `keyset`, which goes by id. */
                pagination?: string;
                /** @description Of a page by keyset; stands in the `Link` header of the page before. */
                id_after?: number;
                /** @description The same when the order is descending. */
                id_before?: number;
            };
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"][];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_any_project_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description The number of the user. */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the member */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_project_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description The number of the user. */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the member */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    update_project_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description The number of the user. */
                user: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateMember"];
            };
        };
        responses: {
            /** @description the member */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    remove_project_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description The number of the user. */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description is no direct member any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_candidate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description The run's number in the project, or its id. */
                candidate: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CandidateInfo"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_ci_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the link */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CiLinkInfo"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    put_ci_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutCiLink"];
            };
        };
        responses: {
            /** @description the link */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CiLinkInfo"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    delete_ci_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description it is gone, with its token */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    watch_project: {
        parameters: {
            query?: {
                /** @description The `id` of the last event that was seen, for clients that cannot set the header `Last-Event-ID`. */
                last_event_id?: string;
            };
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["ChangeEvent"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description too many streams are open already */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    list_experiments: {
        parameters: {
            query?: {
                /** @description A part of the name, in any letter case. */
                search?: string;
                /** @description `last_activity_at` when it is not said, `name`, `created_at` or `run_count`. */
                order_by?: string;
                /** @description `asc` or `desc`; names rise and everything else falls when it is not said. */
                sort?: string;
                /** @description `active` when it is not said, `deleted` or `all`. */
                state?: string;
                /** @description Of a page; 100 when it is not said. */
                max_results?: number;
                /** @description `next_page_token` of the page before. */
                page_token?: string;
            };
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExperimentList"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    list_experiment_columns: {
        parameters: {
            query?: {
                /** @description Of the runs: `active` when it is not said, `deleted` or `all`. */
                state?: string;
            };
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description Its number in the project, which is its id for MLflow. */
                experiment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the columns */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Columns"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    group_experiment_runs: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description Its number in the project, which is its id for MLflow. */
                experiment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupsRequest"];
            };
        };
        responses: {
            /** @description the groups */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunGroups"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    list_experiment_runs: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description Its number in the project, which is its id for MLflow. */
                experiment: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TableRequest"];
            };
        };
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunTable"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    download_logged_model_archive: {
        parameters: {
            query?: {
                /** @description The folder, by its path; left out: everything. */
                path?: string;
            };
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description `m-` and 32 hexadecimal digits. */
                model_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the zip file; a file that cannot be read ends the connection before its end */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": unknown;
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the artifacts are kept elsewhere */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description more files than one archive takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description too many archives are being downloaded already */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_logged_model_mlmodel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description `m-` and 32 hexadecimal digits. */
                model_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the description */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MlModelInfo"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description several MLmodel files */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description more than is read */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    compare_model_versions: {
        parameters: {
            query: {
                /** @description MLflow's number, a SemVer, a range, `latest`, a stage or an alias. */
                from: string;
                /** @description The same. */
                to: string;
            };
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description Of the registered model. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the difference */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comparison"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    list_model_events: {
        parameters: {
            query?: {
                /** @description Of a page; 100 when it is not said. */
                max_results?: number;
                /** @description `next_page_token` of the page before. */
                page_token?: string;
            };
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description Of the registered model. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Events"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_model_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description Of the registered model. */
                name: string;
                /** @description MLflow's number, a SemVer, a range, `latest`, a stage or an alias. */
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionInfo"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    download_model_version_archive: {
        parameters: {
            query?: {
                /** @description The folder, by its path; left out: everything. */
                path?: string;
            };
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description Of the registered model. */
                name: string;
                /** @description MLflow's number, a SemVer, a range, `latest`, a stage or an alias. */
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the zip file; a file that cannot be read ends the connection before its end */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": unknown;
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the artifacts are kept elsewhere */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description more files than one archive takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description too many archives are being downloaded already */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_model_version_mlmodel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description Of the registered model. */
                name: string;
                /** @description MLflow's number, a SemVer, a range, `latest`, a stage or an alias. */
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the description */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MlModelInfo"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description several MLmodel files */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description more than is read */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    publish_model_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description Of the registered model. */
                name: string;
                /** @description MLflow's number, a SemVer, a range, `latest`, a stage or an alias. */
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionInfo"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description published already */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    download_run_archive: {
        parameters: {
            query?: {
                /** @description The folder, by its path; left out: everything. */
                path?: string;
            };
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description 32 hex digits, as MLflow's clients know it. */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the zip file; a file that cannot be read ends the connection before its end */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": unknown;
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the artifacts are kept elsewhere */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description more files than one archive takes */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description too many archives are being downloaded already */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_run_provenance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description 32 hex digits, as MLflow's clients know it. */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description what is known */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProvenanceInfo"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    sample_series: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SeriesRequest"];
            };
        };
        responses: {
            /** @description the histories */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.weir.series": number[];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    list_trust_rules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description all of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrustRuleInfo"][];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    create_trust_rule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateTrustRule"];
            };
        };
        responses: {
            /** @description the rule */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrustRuleInfo"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the project has too many */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_trust_rule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description The number of the rule. */
                rule: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the rule */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrustRuleInfo"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    delete_trust_rule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description The number of the rule. */
                rule: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description it is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    list_packages: {
        parameters: {
            query?: {
                /** @description `ml_model` or `generic`; of GitLab's other types there are none. */
                package_type?: string;
                /** @description A part of the name, in any case of its letters. */
                package_name?: string;
                package_version?: string;
                /** @description `default` (when it is not said) or `hidden`. */
                status?: string;
                /** @description `created_at` (when it is not said), `id`, `name`, `version` or `type`. */
                order_by?: string;
                /** @description `asc` (when it is not said) or `desc`. */
                sort?: string;
                /** @description From 1. */
                page?: number;
                /** @description Of a page; 20 when it is not said. More than 100 are 100. */
                per_page?: number;
                /** @description `offset` (when it is not said) or `keyset`, which goes by id. */
                pagination?: string;
                /** @description Of a page by keyset; stands in the `Link` header of the page before. */
                id_after?: number;
                /** @description The same when the order is descending. */
                id_before?: number;
            };
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PackageInfo"][];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    download_generic_package_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description Letters, digits, `.`, `_`, `-` and `+`. `ml_experiment_<number>` with the number of a run as version is that run. */
                package_name: string;
                /** @description The same characters. */
                package_version: string;
                /** @description Folders and the file's name; slashes may be plain or `%2F`. */
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": number[];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    upload_generic_package_file: {
        parameters: {
            query?: {
                /** @description `default` or `hidden`: whether lists show the package. */
                status?: string;
                /** @description `package_file`: answer with the file's description. */
                select?: string;
            };
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description Letters, digits, `.`, `_`, `-` and `+`. `ml_experiment_<number>` with the number of a run as version is that run. */
                package_name: string;
                /** @description The same characters. */
                package_version: string;
                /** @description Folders and the file's name; slashes may be plain or `%2F`. */
                path: string;
            };
            cookie?: never;
        };
        /** @description the file; or a form (multipart/form-data) with the file in its field `file` */
        requestBody: {
            content: {
                "application/octet-stream": number[];
            };
        };
        responses: {
            /** @description put, with `select=package_file` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PackageFile"];
                };
            };
            /** @description put */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Created"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the run is a published version, or a folder is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    download_ml_model_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description The id of a model version, as packages tell it, or `candidate:<number of a run in its project>`. */
                model_version_id: string;
                /** @description Folders and the file's name; slashes may be plain or `%2F`. */
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": number[];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    upload_ml_model_file: {
        parameters: {
            query?: {
                /** @description `default` or `hidden`: whether lists show the package. */
                status?: string;
                /** @description `package_file`: answer with the file's description. */
                select?: string;
            };
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                /** @description The id of a model version, as packages tell it, or `candidate:<number of a run in its project>`. */
                model_version_id: string;
                /** @description Folders and the file's name; slashes may be plain or `%2F`. */
                path: string;
            };
            cookie?: never;
        };
        /** @description the file; or a form (multipart/form-data) with the file in its field `file` */
        requestBody: {
            content: {
                "application/octet-stream": number[];
            };
        };
        responses: {
            /** @description put, with `select=package_file` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PackageFile"];
                };
            };
            /** @description put */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Created"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the version is published, or a folder is in the way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_package: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                package_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the package */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PackageInfo"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    delete_package: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                package_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the version is published */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    list_package_files: {
        parameters: {
            query?: {
                /** @description `created_at` (when it is not said; `id` is the same) or `file_name`. */
                order_by?: string;
                /** @description `asc` (when it is not said) or `desc`. */
                sort?: string;
                /** @description From 1. */
                page?: number;
                /** @description Of a page; 20 when it is not said. More than 100 are 100. */
                per_page?: number;
                /** @description `offset` (when it is not said) or `keyset`, which goes by id. */
                pagination?: string;
                /** @description Of a page by keyset; stands in the `Link` header of the page before. */
                id_after?: number;
                /** @description The same when the order is descending. */
                id_before?: number;
            };
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                package_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PackageFile"][];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    delete_package_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
                package_id: string;
                /** @description As the list tells it. */
                package_file_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the version is published */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    restore_project: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the project */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    unarchive_project: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The numeric id, or the full path with its slashes as `%2F`. */
                project: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the project */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_current_user: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the user */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FullUser"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    update_current_user: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateOwn"];
            };
        };
        responses: {
            /** @description the user */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FullUser"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the address is taken */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description changed too often in ten minutes: `Retry-After` says when it may be tried again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    create_personal_access_token: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateAccessToken"];
            };
        };
        responses: {
            /** @description the token with its secret */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    list_users: {
        parameters: {
            query?: {
                /** @description The whole user name. */
                username?: string;
                /** @description Part of the name, user name or address. */
                search?: string;
                /** @description Only who is not blocked. */
                active?: boolean;
                blocked?: boolean;
                /** @description Only administrators; for administrators. */
                admins?: boolean;
                /** @description The same as `humans`. */
                without_project_bots?: boolean;
                /** @description Without bots, which are listed to administrators only anyway. */
                humans?: boolean;
                /** @description `id`, `name`, `path` or another field that the list has an order by. */
                order_by?: string;
                /** @description `asc` or `desc`. */
                sort?: string;
                /** @description From 1. */
                page?: number;
                /** @description Of a page; 20 when it is not said. More than 100 are 100. */
                per_page?: number;
                /** @description `offset` (when it is not said) or `keyset`, which goes by id. */
                pagination?: string;
                /** @description Of a page by keyset; stands in the `Link` header of the page before. */
                id_after?: number;
                /** @description The same when the order is descending. */
                id_before?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"][];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    create_user: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateUser"];
            };
        };
        responses: {
            /** @description the user */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FullUser"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the name or the address is taken */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The number of the user. */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the user */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    update_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The number of the user. */
                user: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateUser"];
            };
        };
        responses: {
            /** @description the user */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FullUser"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the name or the address is taken */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    delete_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The number of the user. */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description a group or project would have no owner */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    block_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The number of the user. */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description blocked: `true` */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": boolean;
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    create_personal_access_token_of_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The number of the user. */
                user: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateAccessToken"];
            };
        };
        responses: {
            /** @description the token with its secret */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    list_projects_of_user: {
        parameters: {
            query?: {
                /** @description Part of the name or path. */
                search?: string;
                /** @description Part of the full path, too. */
                search_namespaces?: boolean;
                /** @description `private`, `internal` or `public`. */
                visibility?: string;
                /** @description Only those that the caller is a member of. */
                membership?: boolean;
                /** @description Only those that the caller owns. */
                owned?: boolean;
                /** @description Only those in which the caller has this role, by GitLab's number, or a higher one. */
                min_access_level?: number;
                /** @description Only archived ones, or only others. */
                archived?: boolean;
                /** @description Without `ProjectSettings`. */
                simple?: boolean;
                /** @description Those that wait to be removed, too. */
                include_pending_delete?: boolean;
                /** @description Of a group's projects: those of its subgroups, too. */
                include_subgroups?: boolean;
                /** @description `id`, `name`, `path` or another field that the list has an order by. */
                order_by?: string;
                /** @description `asc` or `desc`. */
                sort?: string;
                /** @description From 1. */
                page?: number;
                /** @description Of a page; 20 when it is not said. More than 100 are 100. */
                per_page?: number;
                /** @description `offset` (when it is not said) or `keyset`, which goes by id. */
                pagination?: string;
                /** @description Of a page by keyset; stands in the `Link` header of the page before. */
                id_after?: number;
                /** @description The same when the order is descending. */
                id_before?: number;
            };
            header?: never;
            path: {
                /** @description The number or the name of the user. */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"][];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    create_sign_in_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user's number. */
                user: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the link */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInLink"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the user is blocked */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    unblock_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The number of the user. */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description not blocked: `true` */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": boolean;
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
    get_version: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServerVersion"];
                };
            };
            /** @description the request is wrong */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description the token's scope, or the role in the project, is too low */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
            /** @description not there, or not for this caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorMessage"];
                };
            };
        };
    };
}
