//! What users have chosen for themselves.

use nexus_protocol::{
    Audience, OwnChange, Settings, Theme, UpdateNotifications, UpdatePrivacy, UpdateSettings,
};

use super::fixture::*;
use crate::ports::Store;

#[macro_export]
macro_rules! settings_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, settings:
            who_has_changed_nothing_has_the_defaults
            a_patch_changes_what_it_names
            a_change_of_settings_is_noted_once
            two_patches_at_once_both_count
        );
    };
}

fn theme(theme: Theme) -> UpdateSettings {
    UpdateSettings { theme: Some(theme), ..UpdateSettings::default() }
}

pub async fn who_has_changed_nothing_has_the_defaults(store: impl Store) {
    people(&store).await;
    assert_eq!(store.settings(ANN).await.unwrap(), Settings::default());
    assert_eq!(store.settings(EVE).await.unwrap(), Settings::default());
    assert_eq!(store.update_settings(EVE, &theme(Theme::Dark), at(1)).await.unwrap(), None);
    assert_eq!(store.settings(EVE).await.unwrap(), Settings::default());
}

pub async fn a_patch_changes_what_it_names(store: impl Store) {
    people(&store).await;
    let privacy = UpdatePrivacy {
        last_seen: Some(Audience::Nobody),
        read_receipts: Some(Audience::Contacts),
        ..UpdatePrivacy::default()
    };
    let first = UpdateSettings {
        privacy: Some(privacy),
        locale: Some("de".to_owned()),
        ..UpdateSettings::default()
    };
    store.update_settings(ANN, &first, at(1)).await.unwrap().unwrap();
    let notifications = UpdateNotifications { new_login: Some(false), ..Default::default() };
    let second = UpdateSettings { notifications: Some(notifications), ..UpdateSettings::default() };
    store.update_settings(ANN, &second, at(2)).await.unwrap().unwrap();
    let settings = store.settings(ANN).await.unwrap();
    let mut expected = Settings::default();
    expected.take_over(first);
    expected.take_over(second);
    assert_eq!(settings, expected);
    assert_eq!(settings.privacy.last_seen, Audience::Nobody);
    assert_eq!(settings.privacy.about, Audience::Everyone);
    assert_eq!(store.settings(BOB).await.unwrap(), Settings::default());
    let all = store.settings_of(&[BOB, ANN, EVE]).await.unwrap();
    assert_eq!(all, [(ANN, settings)], "those who have changed any");
}

pub async fn a_change_of_settings_is_noted_once(store: impl Store) {
    people(&store).await;
    let dark = theme(Theme::Dark);
    let (settings, change) = store.update_settings(ANN, &dark, at(1)).await.unwrap().unwrap();
    let change = change.unwrap();
    assert_eq!((change.user_rev, change.at), (1, at(1)));
    assert_eq!(change.change, OwnChange::Settings(settings.clone()));
    let again = store.update_settings(ANN, &dark, at(2)).await.unwrap().unwrap();
    assert_eq!(again, (settings, None));
    assert_eq!(store.user_changes(ANN, 0, 10).await.unwrap(), [change]);
    let (_, light) =
        store.update_settings(ANN, &theme(Theme::Light), at(3)).await.unwrap().unwrap();
    assert_eq!(store.user_changes(ANN, 0, 10).await.unwrap(), [light.unwrap()]);
    assert_eq!(store.user_rev(ANN).await.unwrap(), 2);
}

pub async fn two_patches_at_once_both_count(store: impl Store) {
    people(&store).await;
    let locale = UpdateSettings { locale: Some("de".to_owned()), ..UpdateSettings::default() };
    let dark = theme(Theme::Dark);
    let (one, other) = tokio::join!(
        store.update_settings(ANN, &locale, at(1)),
        store.update_settings(ANN, &dark, at(1)),
    );
    let revs = [one, other].map(|updated| updated.unwrap().unwrap().1.unwrap().user_rev);
    assert!(revs == [1, 2] || revs == [2, 1], "{revs:?}");
    let settings = store.settings(ANN).await.unwrap();
    assert_eq!((settings.theme, settings.locale.as_str()), (Theme::Dark, "de"));
}
