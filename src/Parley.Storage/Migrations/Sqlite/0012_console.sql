-- One-time links that open the console in a browser, invitations among them: a row is deleted when its link is used. The session that a link opens is a token.
create table console_links (
    hash blob primary key,
    organization_id blob not null references organizations (id),
    user_id blob not null references users (id),
    scopes integer not null,
    created_by text not null,
    created_at integer not null,
    expires_at integer not null
) without rowid;
create index console_links_expiry on console_links (expires_at);
