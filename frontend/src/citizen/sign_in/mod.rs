//! **Đăng nhập**: three ways in three tabs. What a way needs is said there; a way that is not open here says so.

mod by_certificate;
mod by_number;
mod by_phone;

use motcua_frontend::components::{Banner, Tone};
use motcua_frontend::i18n::use_i18n;
use motcua_frontend::opening::use_opened;
use yew::prelude::*;

use self::by_certificate::ByCertificate;
use self::by_number::ByNumber;
use self::by_phone::ByPhone;
use crate::frame::Page;
use crate::session::Doors;

/// A way to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Number,
    Certificate,
    Phone,
}

impl Way {
    const ALL: [Self; 3] = [Self::Number, Self::Certificate, Self::Phone];

    fn id(self) -> &'static str {
        match self {
            Self::Number => "way-number",
            Self::Certificate => "way-certificate",
            Self::Phone => "way-phone",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Number => "sign_in.by_number",
            Self::Certificate => "sign_in.by_certificate",
            Self::Phone => "sign_in.by_phone",
        }
    }

    /// The way so many tabs further, in a round.
    fn beside(self, steps: usize) -> Self {
        let place = Self::ALL.iter().position(|way| *way == self).unwrap_or_default();
        Self::ALL.into_iter().cycle().nth(place + steps).unwrap_or(self)
    }
}

/// What a [`SignInPage`] takes.
#[derive(Properties, PartialEq)]
pub(crate) struct SignInPageProps {
    /// The way in.
    pub(crate) doors: Doors,
    /// Whether a session has just ended.
    pub(crate) was_ended: bool,
}

/// The page of somebody who is not signed in.
#[component]
pub(crate) fn SignInPage(props: &SignInPageProps) -> Html {
    let (i18n, ways) = (use_i18n(), use_opened().desk.citizen_sign_in);
    let way = use_state(|| Way::Number);
    let doors = props.doors.clone();
    html! {
        <Page title={i18n.t("sign_in.title")} way_back=false>
            if props.was_ended {
                <Banner tone={Tone::Warning}><p>{ i18n.t("sign_in.ended") }</p></Banner>
            }
            <div class="card narrow">
                <div class="tabs" role="tablist" aria-label={i18n.t("sign_in.ways")}>
                    for each in Way::ALL {
                        { tab(each, *way, i18n.t(each.name()), &way.setter()) }
                    }
                </div>
                <div id="way" role="tabpanel" aria-labelledby={way.id()} tabindex="-1">
                    { match *way {
                        Way::Number => html! { <ByNumber {doors} /> },
                        Way::Certificate => html! { <ByCertificate {doors} is_open={ways.certificate} /> },
                        Way::Phone => html! { <ByPhone {doors} is_open={ways.mobile_signature} /> },
                    } }
                </div>
            </div>
        </Page>
    }
}

/// One tab; the arrows go from one to the next, as in every row of tabs.
fn tab(way: Way, chosen: Way, name: AttrValue, choose: &UseStateSetter<Way>) -> Html {
    let is_chosen = way == chosen;
    let onclick = {
        let choose = choose.clone();
        Callback::from(move |_: MouseEvent| choose.set(way))
    };
    let onkeydown = {
        let choose = choose.clone();
        Callback::from(move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                "ArrowRight" => way.beside(1),
                "ArrowLeft" => way.beside(Way::ALL.len() - 1),
                _ => return,
            };
            event.prevent_default();
            choose.set(next);
            motcua_frontend::browser::focus(next.id());
        })
    };
    html! {
        <button
            type="button" role="tab" id={way.id()} aria-controls="way" aria-selected={is_chosen.to_string()}
            tabindex={if is_chosen { "0" } else { "-1" }} {onclick} {onkeydown}
        >
            { name }
        </button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arrows_go_round() {
        assert_eq!(Way::Number.beside(1), Way::Certificate);
        assert_eq!(Way::Phone.beside(1), Way::Number);
        assert_eq!(Way::Number.beside(2), Way::Phone);
    }
}
