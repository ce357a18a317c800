//! `/units`: the tree as administrators keep it, what keeps a unit from being chosen, and what mends it.

use motcua_openapi::problem::{FieldCode, ProblemCode};
use motcua_openapi::units::{Unit, UnitReason, UnitRemedy};
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::people::citizen;
use motcua_tests::{Client, Desk};
use rstest::rstest;

const AGENCY: &str = "UBND thành phố Nha Trang";
const NAMELESS: &str = "Văn phòng tiếp dân phường Phước Long";
const WARD: &str = "Bộ phận một cửa phường Vĩnh Hải";

fn reasons(unit: &Unit) -> Vec<(UnitReason, Option<UnitRemedy>)> {
    unit.obstacles.iter().map(|obstacle| (obstacle.reason, obstacle.remedy)).collect()
}

async fn created(an: &Client, name: &str) -> Unit {
    let agency = an.unit_named(AGENCY).await.id;
    an.create_unit(agency, name).await.json(201)
}

#[rstest]
#[tokio::test]
async fn the_tree_says_of_each_unit_whether_it_can_be_chosen_why_not_and_what_mends_it(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Some(desk) = Desk::open(engine).await else { return };
    let an = desk.sign_in("an").await;
    created(&an, "Bộ phận một cửa xã Vĩnh Thạnh").await;
    let tree = an.units().await;
    let names: Vec<_> = tree.items.iter().map(|unit| (unit.depth, unit.name.as_str(), unit.selectable)).collect();
    let expected = [
        (0, AGENCY, false),
        (1, "Bộ phận một cửa UBND thành phố Nha Trang", true),
        (1, WARD, true),
        (1, "Bộ phận một cửa xã Vĩnh Thạnh", false),
        (1, NAMELESS, false),
    ];
    assert_eq!(names, expected, "another agency's units are not in it");
    assert_eq!(tree.agency_id, tree.items[0].id);
    assert_eq!(reasons(&tree.items[3]), [(UnitReason::NobodyAssigned, Some(UnitRemedy::Assign))]);
    assert_eq!(reasons(&tree.items[4]), [(UnitReason::NameLacksMarker, Some(UnitRemedy::Rename))]);
    assert_eq!(tree.items[2].officers.iter().map(|who| who.full_name.as_str()).collect::<Vec<_>>(), ["Trần Thị Hoa"]);
}

#[rstest]
#[tokio::test]
async fn a_unit_that_lacked_the_marker_can_be_chosen_once_it_is_renamed(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (an, minh) = (desk.sign_in("an").await, desk.sign_in("minh").await);
    let unit = an.unit_named(NAMELESS).await;
    let renamed: Unit = an.rename_unit(unit.id, unit.version, "  Bộ phận một cửa   Phước Long ").await.json(200);
    assert_eq!((renamed.name.as_str(), renamed.version), ("Bộ phận một cửa Phước Long", unit.version + 1));
    assert!(renamed.selectable);
    assert!(minh.me().await.units.iter().any(|one| one.id == unit.id), "minh was assigned to it all along");
    assert_eq!(desk.audited("unit_renamed").await, 1);
}

#[rstest]
#[tokio::test]
async fn a_name_that_somebody_changed_meanwhile_is_not_lost(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let an = desk.sign_in("an").await;
    let unit = an.unit_named(WARD).await;
    an.rename_unit(unit.id, unit.version, "Bộ phận một cửa một").await.bytes(200);
    let stale = an.rename_unit(unit.id, unit.version, "Bộ phận một cửa hai").await.refused(ProblemCode::StaleVersion);
    assert_eq!((stale.params["officer"].as_str(), stale.params["version"].as_str()), ("Phạm Thị An", "2"));
    assert_eq!(stale.params["updated_at"], "2026-03-02T02:00:00Z");
    an.unit_named("Bộ phận một cửa một").await;
}

#[rstest]
#[tokio::test]
async fn a_unit_is_created_once_by_one_key_and_only_below_the_own_agency(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let an = desk.sign_in("an").await;
    let agency = an.unit_named(AGENCY).await.id;
    let keyed = an.with_key("don vi 1");
    let first: Unit = keyed.create_unit(agency, "Bộ phận một cửa A").await.json(201);
    let again: Unit = keyed.create_unit(agency, "Bộ phận một cửa A").await.json(201);
    assert_eq!(first, again);
    keyed.create_unit(agency, "Bộ phận một cửa B").await.refused(ProblemCode::IdempotencyKeyReused);
    assert_eq!(desk.audited("unit_created").await, 1);

    let rows = desk.rows("SELECT id FROM units WHERE name = 'Sở Tư pháp'", []).await;
    let other: uuid::Uuid = rows[0].try_get("", "id").unwrap();
    let fields = an.create_unit(other, "Bộ phận một cửa C").await.refused_fields(ProblemCode::BodyInvalid);
    assert_eq!((fields[0].field.as_str(), fields[0].code), ("parent_id", FieldCode::UnitUnknown));
    an.rename_unit(other, 1, "Bộ phận một cửa C").await.refused(ProblemCode::NotFound);
    an.retire_unit(other, 1).await.refused(ProblemCode::NotFound);
    let fields = an.create_unit(agency, " x ").await.refused_fields(ProblemCode::BodyInvalid);
    assert_eq!((fields[0].field.as_str(), fields[0].code), ("name", FieldCode::OutOfRange));
}

#[rstest]
#[tokio::test]
async fn a_unit_is_retired_only_when_nothing_goes_on_in_it_or_below(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = Desk::open(engine).await else { return };
    let (an, hoa) = (desk.sign_in("an").await, desk.sign_in("hoa").await);
    let ward = an.unit_named(WARD).await;
    let draft = hoa.draft(&citizen(1)).await;
    let below: Unit = an.create_unit(ward.id, "Bộ phận một cửa tổ 1").await.json(201);
    let refused = an.retire_unit(ward.id, ward.version).await.refused(ProblemCode::UnitInUse);
    assert_eq!((refused.params["drafts"].as_str(), refused.params["units"].as_str()), ("1", "Bộ phận một cửa tổ 1"));

    an.retire_unit(below.id, below.version).await.bytes(200);
    hoa.cancel_registration(draft.id).await.bytes(204);
    let account = hoa.account(&desk, &citizen(2)).await;
    let retired: Unit = an.retire_unit(ward.id, ward.version).await.json(200);
    assert_eq!(retired.retired_at, Some(desk.now()));
    assert_eq!(reasons(&retired), [(UnitReason::Retired, None)]);
    assert!(hoa.me().await.units.is_empty(), "nobody can choose it any more");
    let account: motcua_openapi::accounts::Account = hoa.get_account(account.id).await.json(200);
    assert_eq!(account.unit.name, WARD, "what was made there keeps its name");
    let again = an.retire_unit(ward.id, retired.version).await.refused(ProblemCode::WrongState);
    assert_eq!(again.params["state"], "retired");
    an.rename_unit(ward.id, retired.version, "Bộ phận một cửa X").await.refused(ProblemCode::WrongState);
    an.create_unit(ward.id, "Bộ phận một cửa Y").await.refused_fields(ProblemCode::BodyInvalid);
    let agency = an.unit_named(AGENCY).await;
    an.retire_unit(agency.id, agency.version).await.refused(ProblemCode::Forbidden);
    assert_eq!(desk.audited("unit_retired").await, 2);
}
