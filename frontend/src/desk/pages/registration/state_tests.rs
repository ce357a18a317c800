use motcua_openapi::problem::{Problem, ProblemCode};
use motcua_openapi::values::PersonName;

use super::super::examples::{draft, instant, today};
use super::*;

fn after(start: Screen, happenings: impl IntoIterator<Item = Happening>) -> Screen {
    let start = Rc::new(start);
    Rc::unwrap_or_clone(happenings.into_iter().fold(start, Screen::reduce))
}

fn opened() -> Screen {
    after(Screen::default(), [Happening::Open(Some(draft()))])
}

fn typed(field: Field, text: &str) -> Happening {
    Happening::Type(field, text.to_owned())
}

fn number(text: &str) -> IdNumber {
    IdNumber::parse(text).unwrap()
}

fn refused(problem: Problem) -> Happening {
    Happening::Done(Act::Create, Err(ApiError::Refused(Box::new(problem))))
}

#[test]
fn the_rest_opens_only_while_the_free_number_is_the_typed_one() {
    let free = number("079090001234");
    let screen =
        after(Screen::default(), [typed(Field::IdNumber, "079090001234"), Happening::LookUp(Number::Free(free))]);
    assert!(screen.is_open());
    let screen = after(screen, [typed(Field::IdNumber, "07909000123")]);
    assert!(!screen.is_open());
    assert_eq!(screen.number, Number::Unknown);
}

#[test]
fn an_answer_about_a_number_that_is_no_longer_typed_is_ignored() {
    let late = Number::Free(number("079090001234"));
    let screen = after(Screen::default(), [typed(Field::IdNumber, "079090009999"), Happening::LookUp(late)]);
    assert_eq!(screen.number, Number::Unknown);
}

#[test]
fn spaces_in_the_number_do_not_close_the_form() {
    let screen = after(opened(), [typed(Field::IdNumber, "079 090 001 234")]);
    assert!(screen.is_open());
}

#[test]
fn an_error_waits_until_the_field_is_left_and_then_follows_the_typing() {
    let screen = after(opened(), [typed(Field::Phone, "0905")]);
    assert_eq!(screen.shown_error(Field::Phone, today()), None);
    let screen = after(screen, [Happening::Leave(Field::Phone)]);
    assert!(screen.shown_error(Field::Phone, today()).is_some());
    let screen = after(screen, [typed(Field::Phone, "0905437123")]);
    assert_eq!(screen.shown_error(Field::Phone, today()), None);
}

#[test]
fn an_error_that_typing_on_cannot_mend_is_shown_at_once() {
    let screen = after(opened(), [typed(Field::FullName, "Nguyễn 2")]);
    assert!(screen.shown_error(Field::FullName, today()).is_some());
}

#[test]
fn creating_needs_the_scan_and_the_code_and_downloading_does_not() {
    let wanting = |act| {
        let errors = opened().wanting(act, today());
        errors.into_iter().map(|error| error.field).collect::<Vec<_>>()
    };
    assert_eq!(wanting(Act::Create), ["scan", "otp"]);
    assert!(wanting(Act::Download(RequestFormFormat::Pdf)).is_empty());
}

#[test]
fn a_verified_phone_needs_no_code() {
    let mut verified = draft();
    verified.state = RegistrationState::PhoneVerified;
    let screen = after(Screen::default(), [Happening::Open(Some(verified))]);
    assert!(screen.wanting(Act::Create, today()).iter().all(|error| error.field != "otp"));
}

#[test]
fn a_press_that_finds_gaps_lists_them_and_each_goes_when_it_is_filled() {
    let screen = opened();
    let errors = screen.wanting(Act::Create, today());
    let screen = after(screen, [Happening::Wanting(errors)]);
    assert!(screen.shown_error(Field::Otp, today()).is_some());
    let screen = after(screen, [typed(Field::Otp, "042917")]);
    assert_eq!(screen.shown_error(Field::Otp, today()), None);
    assert_eq!(screen.summary.len(), 1);
}

#[test]
fn an_older_answer_that_comes_late_is_not_taken() {
    let (mut newer, older) = (draft(), draft());
    newer.version += 1;
    let screen = after(opened(), [Happening::Update(newer.clone()), Happening::Update(older)]);
    assert_eq!(screen.saved.as_deref(), Some(&newer));
}

#[test]
fn a_version_that_only_grew_is_no_conflict() {
    let mut grown = draft();
    grown.version += 1;
    let happening = Happening::Overtaken(grown, "Đặng Quang Minh".into(), instant("03:05:00"));
    let screen = after(opened(), [typed(Field::FullName, "Nguyễn Văn Bình"), happening]);
    assert_eq!(screen.conflict, None);
    assert_eq!(screen.typed.get(Field::FullName), "Nguyễn Văn Bình");
}

#[test]
fn in_a_conflict_what_was_typed_stays_until_the_officer_takes_the_other() {
    let mut theirs = draft();
    theirs.version += 1;
    theirs.details.full_name = PersonName::parse("Nguyễn Văn Ân").ok();
    let happening = Happening::Overtaken(theirs, "Lê Thu Hà".into(), instant("03:05:00"));
    let screen = after(opened(), [typed(Field::FullName, "Nguyễn Văn Bình"), happening]);
    let conflict = screen.conflict.clone().unwrap();
    assert_eq!((conflict.officer.as_str(), conflict.contested.as_slice()), ("Lê Thu Hà", &[Field::FullName][..]));
    assert_eq!(screen.typed.get(Field::FullName), "Nguyễn Văn Bình");
    let kept = after(screen.clone(), [Happening::KeepMine]);
    assert!(kept.pending(today()).is_some());
    let taken = after(screen, [Happening::TakeTheirs]);
    assert_eq!(taken.typed.get(Field::FullName), "Nguyễn Văn Ân");
}

#[test]
fn an_account_that_appeared_meanwhile_closes_the_form() {
    let problem = Problem::new(ProblemCode::AccountExists, "")
        .with([("created_at", "2026-11-24T03:04:00Z".into()), ("unit", "Bộ phận một cửa".into())]);
    let screen = after(opened(), [Happening::Press(Act::Create), refused(problem)]);
    assert!(matches!(screen.number, Number::Taken(..)));
    assert!(!screen.is_open());
}

#[test]
fn a_refusal_of_the_code_stands_under_the_code() {
    let problem = Problem::new(ProblemCode::OtpWrong, "").with([("tries_left", "4".into())]);
    let screen = after(opened(), [Happening::Press(Act::Create), refused(problem)]);
    assert!(screen.trouble_at(Spot::Otp).is_some());
    assert_eq!((screen.trouble_at(Spot::Top), screen.acts.len()), (None, 0));
    let screen = after(screen, [typed(Field::Otp, "0")]);
    assert_eq!(screen.trouble_at(Spot::Otp), None);
}

#[test]
fn refused_fields_stand_under_their_fields_until_they_are_changed() {
    let error = FieldError::new("unit_id", FieldCode::UnitNotSelectable, "");
    let problem = Problem::new(ProblemCode::BodyInvalid, "").with_fields(vec![error]);
    let screen = after(opened(), [refused(problem)]);
    assert!(screen.shown_error(Field::Unit, today()).is_some());
    let screen = after(screen, [typed(Field::Unit, "0")]);
    assert_eq!(screen.shown_error(Field::Unit, today()), None);
}

#[test]
fn nothing_is_lost_by_leaving_a_saved_draft_and_something_by_leaving_an_unsaved_one() {
    assert!(!Screen::default().is_unsaved(today()));
    assert!(!opened().is_unsaved(today()));
    assert!(after(Screen::default(), [typed(Field::IdNumber, "0790")]).is_unsaved(today()));
    assert!(after(opened(), [typed(Field::Phone, "0905")]).is_unsaved(today()));
    assert!(!after(opened(), [typed(Field::Otp, "0429")]).is_unsaved(today()));
}

#[test]
fn the_end_of_one_press_leaves_another_under_way() {
    let presses = [Act::Download(RequestFormFormat::Pdf), Act::SendOtp].map(Happening::Press);
    let screen = after(opened(), presses);
    let screen = after(screen, [Happening::Done(Act::Download(RequestFormFormat::Pdf), Ok(()))]);
    assert_eq!(screen.acts, [Act::SendOtp]);
}
