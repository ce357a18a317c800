//! Somebody else changed the draft: who, when, and for what both changed, which one stays.

use motcua_openapi::desk::UnitRef;
use yew::prelude::*;

use super::form::{Field, language, saved_text};
use super::state::Happening;
use super::work::Work;
use motcua_frontend::clock;
use motcua_frontend::components::{Banner, Button, ButtonKind, Tone};
use motcua_frontend::i18n::I18n;
use motcua_frontend::wording;

/// The banner's id, to bring it before the officer's eyes.
pub(crate) const ID: &str = "conflict";

/// Who changed what meanwhile.
pub(crate) fn conflict_banner(i18n: &I18n, work: &Work) -> Html {
    let Some(conflict) = &work.screen.conflict else { return Html::default() };
    let about = [("officer", conflict.officer.as_str()), ("time", &clock::time(conflict.at))];
    let decide = |happening: fn() -> Happening| {
        let work = work.clone();
        Callback::from(move |()| {
            work.tell(happening());
            work.save_soon();
        })
    };
    html! {
        <div id={ID} tabindex="-1">
            <Banner tone={Tone::Warning}>
                <p><strong>{ i18n.with("conflict.about", &about) }</strong></p>
                if conflict.contested.is_empty() {
                    <p>{ i18n.t("conflict.taken_over") }</p>
                    <Button label={i18n.t("conflict.seen")} on_press={decide(|| Happening::KeepMine)} />
                } else {
                    <ul>
                        for field in conflict.contested.iter() {
                            <li>{ i18n.with("conflict.field", &[
                                ("field", &i18n.t(field.label())),
                                ("theirs", &theirs(work, *field)),
                                ("mine", &mine(work, *field)),
                            ]) }</li>
                        }
                    </ul>
                    <div class="act-row">
                        <Button label={i18n.t("conflict.keep_mine")} on_press={decide(|| Happening::KeepMine)} />
                        <Button kind={ButtonKind::Quiet} label={i18n.t("conflict.take_theirs")} on_press={decide(|| Happening::TakeTheirs)} />
                    </div>
                }
            </Banner>
        </div>
    }
}

fn theirs(work: &Work, field: Field) -> String {
    let saved = work.screen.saved.as_ref();
    if field == Field::Unit {
        return saved.and_then(|saved| saved.unit.as_ref()).map_or_else(String::new, |unit| unit.name.clone());
    }
    named(field, saved.map(|saved| saved_text(saved, field)).unwrap_or_default())
}

fn mine(work: &Work, field: Field) -> String {
    let text = work.screen.typed.get(field);
    if field != Field::Unit {
        return named(field, text.to_owned());
    }
    let is_it = |unit: &&UnitRef| unit.id.to_string() == text;
    work.place.me.units.iter().find(is_it).map_or_else(String::new, |unit| unit.name.clone())
}

/// A language by its name; any other text as it is.
fn named(field: Field, text: String) -> String {
    let language = language(&text).filter(|_| field == Field::Language);
    language.map_or(text, |language| wording::text_language(language).to_owned())
}
