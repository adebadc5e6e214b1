// The frame of one's own settings.

import { Link, Outlet } from "@tanstack/react-router";
import { SettingsFrame } from "../../components/SettingsFrame.tsx";

const active = { "aria-current": "page" } as const;

export function UserSettings() {
  return (
    <SettingsFrame
      title="Your settings"
      sections={
        <>
          <Link to="/-/user_settings/profile" activeProps={active}>
            Profile
          </Link>
          <Link to="/-/user_settings/personal_access_tokens" activeProps={active}>
            Access tokens
          </Link>
          <Link to="/-/user_settings/password" activeProps={active}>
            Password
          </Link>
          <Link to="/-/user_settings/active_sessions" activeProps={active}>
            Sessions
          </Link>
        </>
      }
    >
      <Outlet />
    </SettingsFrame>
  );
}
