//! Accounts that come to their end.

use nexus_protocol::{Leavings, SessionId, UpdateSettings, UserRole};
use uuid::Uuid;

use super::{fixture::*, links::link, passkeys::passkey};
use crate::{
    ops::OpKind,
    passwords::NO_PASSWORD,
    ports::{
        DeletionRecord, DeletionStage, EmailToken, EmailTokenKind, NewDirectChat, Outcome, Place,
        SessionRecord, Store, UserCreation, Writings,
    },
};

#[macro_export]
macro_rules! deletion_conformance {
    ($make:expr) => {
        $crate::conformance_cases!($make, deletion:
            a_deletion_is_noted_once_and_taken_back
            a_deletion_that_has_begun_is_not_taken_back
            a_deletion_begins_only_as_it_was_asked_for
            of_two_who_begin_and_take_back_at_once_one_does
            what_is_erased_is_gone_and_the_record_is_nobodys
            nobody_is_erased_before_their_time
            a_name_is_held_until_it_is_freed
            nobody_adds_to_a_group_who_is_gone
            what_somebody_wrote_is_found_also_where_they_left
            who_is_gone_erases_their_own_messages_as_no_member
        );
    };
}

const ASKED: DeletionRecord = DeletionRecord {
    messages: Leavings::Keep,
    asked_at: NOW,
    due_at: NOW,
    stage: DeletionStage::Asked,
};

async fn deletion(store: &impl Store) -> Option<DeletionRecord> {
    store.user(BOB).await.unwrap().unwrap().deletion
}

pub async fn a_deletion_is_noted_once_and_taken_back(store: impl Store) {
    people(&store).await;
    assert!(!store.ask_deletion(EVE, &ASKED).await.unwrap());
    assert!(!store.take_deletion_back(BOB).await.unwrap());
    assert!(store.ask_deletion(BOB, &ASKED).await.unwrap());
    let other = DeletionRecord { messages: Leavings::Remove, asked_at: at(1), ..ASKED };
    assert!(!store.ask_deletion(BOB, &other).await.unwrap());
    assert_eq!(deletion(&store).await, Some(ASKED));
    assert!(store.take_deletion_back(BOB).await.unwrap());
    assert!(!store.take_deletion_back(BOB).await.unwrap());
    assert_eq!(deletion(&store).await, None);
    assert!(store.ask_deletion(BOB, &other).await.unwrap());
    assert_eq!(deletion(&store).await, Some(other));
}

pub async fn a_deletion_that_has_begun_is_not_taken_back(store: impl Store) {
    people(&store).await;
    store.ask_deletion(BOB, &ASKED).await.unwrap();
    assert!(store.begin_deletion(BOB, NOW).await.unwrap());
    assert!(store.begin_deletion(BOB, NOW).await.unwrap(), "whoever goes on after a crash");
    assert!(!store.take_deletion_back(BOB).await.unwrap());
    let begun = DeletionRecord { stage: DeletionStage::Begun, ..ASKED };
    assert_eq!(deletion(&store).await, Some(begun));
}

pub async fn a_deletion_begins_only_as_it_was_asked_for(store: impl Store) {
    people(&store).await;
    assert!(!store.begin_deletion(BOB, NOW).await.unwrap());
    store.ask_deletion(BOB, &DeletionRecord { asked_at: at(1), ..ASKED }).await.unwrap();
    assert!(!store.begin_deletion(BOB, NOW).await.unwrap());
    assert!(!store.begin_deletion(EVE, NOW).await.unwrap());
    assert!(store.begin_deletion(BOB, at(1)).await.unwrap());
    store.erase_user(BOB).await.unwrap();
    assert!(!store.begin_deletion(BOB, at(1)).await.unwrap(), "it is done");
}

pub async fn of_two_who_begin_and_take_back_at_once_one_does(store: impl Store) {
    people(&store).await;
    store.ask_deletion(BOB, &ASKED).await.unwrap();
    let (begun, taken_back) =
        tokio::join!(store.begin_deletion(BOB, NOW), store.take_deletion_back(BOB));
    assert!(begun.unwrap() != taken_back.unwrap());
}

async fn erase(store: &impl Store) {
    store.ask_deletion(BOB, &ASKED).await.unwrap();
    store.begin_deletion(BOB, NOW).await.unwrap();
    store.erase_user(BOB).await.unwrap();
}

async fn sign_in(store: &impl Store) -> SessionId {
    let session = SessionRecord {
        id: SessionId(Uuid::from_u128(1)),
        user_id: BOB,
        device: "Bob's phone".to_owned(),
        address: "10.0.0.1".to_owned(),
        salt: [1; 32],
        created_at: NOW,
        last_used_at: NOW,
        expires_at: at(60),
        revoked_at: None,
    };
    store.create_session(&session, &[2; 32]).await.unwrap();
    session.id
}

pub async fn what_is_erased_is_gone_and_the_record_is_nobodys(store: impl Store) {
    team(&store).await;
    let said = say(&store, TEAM, ANN, "hello").await.message.id;
    let session = sign_in(&store).await;
    let place = Place { address: "10.0.0.1", device: "Bob's phone" };
    store.note_place(BOB, place, NOW).await.unwrap();
    let locale = UpdateSettings { locale: Some("de".to_owned()), ..UpdateSettings::default() };
    store.update_settings(BOB, &locale, NOW).await.unwrap();
    store.put_contact(BOB, ANN, Some("Annie"), NOW).await.unwrap();
    store.set_blocked(BOB, CAT, true, NOW).await.unwrap();
    store.put_contact(ANN, BOB, None, NOW).await.unwrap();
    store.set_star(BOB, said, true, NOW).await.unwrap();
    store.begin_totp(BOB, b"secret").await.unwrap();
    store.add_passkey(&passkey(1, BOB)).await.unwrap();
    store.add_link(&link("https://id.example.com", "1", BOB, 1)).await.unwrap();
    store.set_role(BOB, UserRole::Moderator, NOW).await.unwrap();
    store.set_last_seen(BOB, NOW).await.unwrap();
    let (kind, hash) = (EmailTokenKind::Verify, [3; 32]);
    let (address, expires_at) = ("bob@example.org".to_owned(), at(60));
    let token = EmailToken { hash, kind, user_id: BOB, address, created_at: NOW, expires_at };
    store.put_email_token(&token).await.unwrap();
    store.revoke_sessions(BOB, None, NOW).await.unwrap();

    erase(&store).await;
    store.erase_user(BOB).await.unwrap();
    let bob = store.user(BOB).await.unwrap().unwrap();
    assert!(bob.is_gone());
    assert_eq!(bob.deletion.map(|deletion| deletion.stage), Some(DeletionStage::Done));
    assert_eq!((bob.display_name.as_str(), bob.about.as_str()), ("Deleted account", ""));
    assert_eq!((bob.last_seen_at, bob.role, bob.ban), (None, UserRole::User, None));
    assert_eq!(store.password_hash(BOB).await.unwrap().as_deref(), Some(NO_PASSWORD));
    assert_eq!(store.credentials("bob@example.org").await.unwrap(), None);
    assert_eq!(store.settings(BOB).await.unwrap(), Default::default());
    assert!(!store.knows_address(BOB, "10.0.0.1").await.unwrap());
    assert_eq!(store.totp(BOB).await.unwrap(), None);
    assert_eq!(store.passkeys(BOB).await.unwrap(), []);
    assert_eq!(store.links(BOB).await.unwrap(), []);
    assert_eq!(store.contacts(BOB, None, 10).await.unwrap(), []);
    assert_eq!(store.blocked(BOB, None, 10).await.unwrap(), []);
    assert_eq!(store.starred(BOB, None, 10).await.unwrap(), []);
    assert_eq!(store.email_token(kind, &hash, NOW).await.unwrap(), None);
    assert_eq!(store.user_changes(BOB, 0, 10).await.unwrap(), []);
    assert_eq!(store.session_of_token(&[2; 32]).await.unwrap(), None);
    assert_eq!(store.revoked_since(NOW).await.unwrap(), [session], "its tokens are refused on");
    let session = store.session(session).await.unwrap().unwrap();
    assert_eq!((session.device.as_str(), session.address.as_str()), ("", ""));
    // What is others' stays.
    assert_eq!(store.contacts(ANN, None, 10).await.unwrap().len(), 1);
    let again = new_user(DAN, "else", "Else");
    let again = crate::ports::NewUser {
        user: crate::ports::UserRecord {
            id: EVE,
            email: "bob@example.org".to_owned(),
            ..again.user
        },
        ..again
    };
    assert_eq!(store.create_user(&again).await.unwrap(), UserCreation::Created);
}

pub async fn nobody_is_erased_before_their_time(store: impl Store) {
    people(&store).await;
    let before = store.user(BOB).await.unwrap();
    store.erase_user(BOB).await.unwrap();
    store.free_name(BOB).await.unwrap();
    assert_eq!(store.user(BOB).await.unwrap(), before);
    store.ask_deletion(BOB, &ASKED).await.unwrap();
    store.erase_user(BOB).await.unwrap();
    store.free_name(BOB).await.unwrap();
    store.take_deletion_back(BOB).await.unwrap();
    assert_eq!(store.user(BOB).await.unwrap(), before);
}

pub async fn a_name_is_held_until_it_is_freed(store: impl Store) {
    people(&store).await;
    erase(&store).await;
    let mut new = new_user(EVE, "bob", "Another Bob");
    new.user.email = "eve@example.org".to_owned();
    assert_eq!(store.create_user(&new).await.unwrap(), UserCreation::UsernameTaken);
    store.free_name(BOB).await.unwrap();
    store.free_name(BOB).await.unwrap();
    assert_eq!(store.create_user(&new).await.unwrap(), UserCreation::Created);
    assert_eq!(store.user_named("bob").await.unwrap().unwrap().id, EVE);
}

pub async fn nobody_adds_to_a_group_who_is_gone(store: impl Store) {
    people(&store).await;
    done(&store, create(1, TEAM, ANYBODY, &[CAT])).await;
    erase(&store).await;
    let add = op(2, TEAM, ANN, OpKind::AddMembers { users: vec![BOB] });
    rejected(&store, add).await;
    rejected(&store, create(3, OTHER, ANYBODY, &[BOB])).await;
    let (id, creator, peer) = (chat(7), ANN, BOB);
    let direct = NewDirectChat { id, creator, peer, permissions: ANYBODY, at: NOW };
    store.create_direct(&direct).await.unwrap();
    assert_eq!(view(&store, ANN, chat(7)).await.peer.unwrap().display_name, "Deleted account");
}

pub async fn what_somebody_wrote_is_found_also_where_they_left(store: impl Store) {
    team(&store).await;
    let first = say(&store, TEAM, BOB, "one").await.message;
    say(&store, TEAM, ANN, "mine").await;
    let second = say(&store, TEAM, BOB, "two").await.message;
    let third = say(&store, TEAM, BOB, "three").await.message;
    done(&store, delete(1_001, TEAM, BOB, second.id)).await;
    done(&store, op(1_002, TEAM, BOB, OpKind::Leave)).await;
    assert_eq!(store.chats_ever_of(BOB).await.unwrap(), [TEAM]);
    assert_eq!(store.chats_ever_of(DAN).await.unwrap(), []);
    let part = Writings { chat: TEAM, sender: BOB, after: 0, up_to: u64::MAX };
    assert_eq!(store.writings(&part).await.unwrap(), [first.id, third.id]);
    let part = Writings { after: first.seq, up_to: third.seq - 1, ..part };
    assert_eq!(store.writings(&part).await.unwrap(), []);
}

pub async fn who_is_gone_erases_their_own_messages_as_no_member(store: impl Store) {
    team(&store).await;
    let theirs = say(&store, TEAM, BOB, "theirs").await.message;
    let mine = say(&store, TEAM, ANN, "mine").await.message;
    done(&store, op(1_001, TEAM, BOB, OpKind::Leave)).await;
    let erase = |n, message| op(n, TEAM, BOB, OpKind::Erase { message });
    let first = done(&store, erase(1_002, theirs.id)).await;
    let erased = message_of(first.clone()).message;
    assert_eq!((erased.content.as_str(), erased.deleted_at.is_some()), ("", true));
    assert!(erased.rev > theirs.rev);
    assert_eq!(done(&store, erase(1_002, theirs.id)).await, first, "done again, it is the same");
    assert!(matches!(outcome(&store, erase(1_003, mine.id)).await, Outcome::Done(_)));
    let now: Vec<String> = all(&store, TEAM, ANN)
        .await
        .into_iter()
        .map(|stored| stored.message.content)
        .filter(|content| !content.is_empty())
        .collect();
    assert_eq!(now, ["mine"]);
    let log = store.changed_since(TEAM, ANN, theirs.rev, 10).await.unwrap();
    assert!(log.iter().any(|stored| stored.message.id == theirs.id), "others hear of it");
}
