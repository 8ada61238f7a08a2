//! Accounts elsewhere that sign in to one's own. None is ever linked because of an address alone:
//! whoever links has signed in to both.

use nexus_protocol::{AuditAction, OidcLink, OidcProvider, OidcTicket};

use super::tickets::{read, take_ticket};
use crate::{
    Core, Error, Result, accounts, auth::Caller, letters, mail::Letter, ports::LinkRecord, step_up,
    ways_in,
};

pub async fn link(
    core: &Core,
    caller: Caller,
    req: OidcTicket,
    browser: Option<&str>,
) -> Result<OidcLink> {
    let somebody = read(core, &req.ticket, browser).await?;
    step_up::require(core, caller, None).await?;
    take_ticket(core, &req.ticket).await?;
    accounts::note(core, caller.user, AuditAction::SignInLinked, &somebody.provider).await?;
    let link = LinkRecord {
        issuer: somebody.issuer,
        subject: somebody.subject,
        user_id: caller.user,
        label: somebody.label,
        created_at: core.clock.now(),
    };
    if !core.store.add_link(&link).await? {
        return Err(Error::Conflict("this sign-in, or another of its kind, is linked".into()));
    }
    let shown = show(core, link);
    let letter = Letter::SignInLinked { provider: shown.provider.name.clone() };
    letters::tell(core, caller.user, letter).await?;
    Ok(shown)
}

pub async fn links(core: &Core, caller: Caller) -> Result<Vec<OidcLink>> {
    let links = core.store.links(caller.user).await?;
    Ok(links.into_iter().map(|link| show(core, link)).collect())
}

pub async fn unlink(core: &Core, caller: Caller, provider: &str) -> Result<()> {
    let links = core.store.links(caller.user).await?;
    let found = links.into_iter().find(|link| provider_of(core, link).id == provider);
    let link = found.ok_or(Error::NotFound("link"))?;
    step_up::require(core, caller, None).await?;
    ways_in::require_another(core, caller.user).await?;
    accounts::note(core, caller.user, AuditAction::SignInUnlinked, provider).await?;
    if !core.store.remove_link(caller.user, &link.issuer).await? {
        return Err(Error::NotFound("link"));
    }
    let letter = Letter::SignInUnlinked { provider: provider_of(core, &link).name };
    letters::tell(core, caller.user, letter).await
}

fn show(core: &Core, link: LinkRecord) -> OidcLink {
    let provider = provider_of(core, &link);
    OidcLink { provider, label: link.label, created_at: link.created_at }
}

/// One that the operator has since removed goes by its address.
fn provider_of(core: &Core, link: &LinkRecord) -> OidcProvider {
    let known = core.oidc.all.iter().find(|provider| provider.settings.issuer == link.issuer);
    let gone = || {
        let name = link.issuer.split("://").nth(1).unwrap_or(&link.issuer).to_owned();
        OidcProvider { id: name.replace('/', "-"), name }
    };
    known.map_or_else(gone, |provider| provider.show())
}
