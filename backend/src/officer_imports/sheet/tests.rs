use std::io::{Cursor, Write};

use motcua_openapi::officer_imports::ListColumn::{FullName, Phone, Unit, Username};
use proptest::prelude::*;
use rust_xlsxwriter::{Formula, Workbook};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::*;

fn csv(text: &str) -> Result<Sheet, Vec<CellError>> {
    read(ListFormat::Csv, text.as_bytes())
}

/// Row number, name, phone.
fn people(sheet: &Sheet) -> Vec<(u32, &str, &str)> {
    sheet.rows.iter().map(|row| (row.row, row.cell(FullName), row.cell(Phone))).collect()
}

fn codes(read: Result<Sheet, Vec<CellError>>) -> Vec<CellCode> {
    read.unwrap_err().into_iter().map(|error| error.code).collect()
}

fn workbook(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(&mut workbook);
    workbook.save_to_buffer().unwrap()
}

fn list() -> Vec<u8> {
    workbook(|workbook| {
        let sheet = workbook.add_worksheet();
        for (at, text) in ["Họ và tên", "Số điện thoại"].iter().enumerate() {
            sheet.write_string(0, u16::try_from(at).unwrap(), *text).unwrap();
        }
        sheet.write_string(1, 0, "Phạm Thị Lan").unwrap();
        sheet.write_number(1, 1, 905_437_200.0).unwrap();
    })
}

/// The same workbook with one part made anew.
fn with_part(workbook: &[u8], name: &str, change: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut made = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let entry_name = entry.name().unwrap().to_string();
        let mut part = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut part).unwrap();
        made.start_file(entry_name.as_str(), options).unwrap();
        made.write_all(&if entry_name == name { change(&part) } else { part }).unwrap();
    }
    made.finish().unwrap().into_inner()
}

#[test]
fn text_is_read_with_commas_semicolons_and_tabs_and_in_each_encoding_that_a_spreadsheet_writes() {
    let plain = "Họ và tên,Số điện thoại\nPhạm Thị Lan,0905437200\n";
    let wide = |unit: fn(u16) -> [u8; 2], mark: [u8; 2]| {
        let units = plain.replace(',', "\t");
        mark.into_iter().chain(units.encode_utf16().flat_map(unit)).collect::<Vec<u8>>()
    };
    for bytes in [
        plain.as_bytes().to_vec(),
        plain.replace(',', ";").into_bytes(),
        plain.replace(',', "\t").replace('\n', "\r\n").into_bytes(),
        [b"\xef\xbb\xbf".as_slice(), plain.as_bytes()].concat(),
        wide(u16::to_le_bytes, [0xff, 0xfe]),
        wide(u16::to_be_bytes, [0xfe, 0xff]),
    ] {
        let sheet = read(ListFormat::Csv, &bytes).unwrap();
        assert_eq!(people(&sheet), [(2, "Phạm Thị Lan", "0905437200")]);
    }
    let windows_1258 = b"H\xf2 v\xe0 t\xean,S\xf4 dien thoai\nLan,0905437200\n";
    assert_eq!(codes(read(ListFormat::Csv, windows_1258)), [CellCode::Unreadable]);
    assert_eq!(codes(read(ListFormat::Csv, b"Ho ten,SDT\nL\0n,1\n")), [CellCode::Unreadable]);
    assert_eq!(codes(read(ListFormat::Csv, b"\xff\xfea")), [CellCode::Unreadable]);
}

#[test]
fn rows_have_the_numbers_that_a_spreadsheet_shows() {
    let sheet =
        csv("\nDanh sách cán bộ\n\nHọ tên,SĐT,Đơn vị\n\n\nAn Bình,1,\"a\nb\"\nChi Dung,2,\n\n,,\nĐạt Em,3,").unwrap();
    assert_eq!(people(&sheet), [(7, "An Bình", "1"), (8, "Chi Dung", "2"), (11, "Đạt Em", "3")]);
    assert_eq!(sheet.rows[0].cell(Unit), "a\nb");
    assert_eq!(sheet.cell_name(Phone, 7).as_deref(), Some("B7"));
    assert!(!sheet.has(Username));
}

#[test]
fn headers_are_known_in_any_order_and_spelling_and_others_are_passed_over() {
    let sheet = csv("GHI CHÚ;so dien thoai *;HỌ VÀ TÊN;Tên đăng nhập\nx;0905437200;Phạm Lan;lan\n").unwrap();
    assert_eq!(people(&sheet), [(2, "Phạm Lan", "0905437200")]);
    assert_eq!(sheet.cell_name(FullName, 2).as_deref(), Some("C2"));
    let repeated = csv("Họ tên,SĐT,Họ và tên\nA,1,B\n").unwrap_err();
    assert_eq!((repeated[0].code, repeated[0].cell.as_deref()), (CellCode::ColumnRepeated, Some("C1")));
    let missing = csv("Họ tên,Đơn vị\nA,1\n").unwrap_err();
    assert_eq!((missing[0].code, missing[0].params["column"].as_str()), (CellCode::ColumnMissing, "Số điện thoại"));
    assert_eq!(codes(csv("a,b\n1,2\n")), [CellCode::ColumnMissing, CellCode::ColumnMissing]);
}

#[test]
fn a_list_has_one_to_ten_thousand_rows() {
    assert_eq!(codes(csv("")), [CellCode::Empty]);
    assert_eq!(codes(csv("\n\n ,\n")), [CellCode::Empty]);
    assert_eq!(codes(csv("Họ tên,SĐT\n")), [CellCode::Empty]);
    let rows = |count: usize| format!("Họ tên,SĐT\n{}", "An,1\n".repeat(count));
    assert_eq!(csv(&rows(10_000)).unwrap().rows.len(), 10_000);
    assert_eq!(codes(csv(&rows(10_001))), [CellCode::TooManyRows]);
    assert_eq!(codes(csv(&rows(300_000))), [CellCode::TooManyRows]);
}

#[test]
fn what_an_export_kept_from_being_a_formula_is_read_as_it_was() {
    let sheet = csv("Họ tên,SĐT,Đơn vị\nAn,'+84905437200,'=một cửa\n").unwrap();
    assert_eq!((sheet.rows[0].cell(Phone), sheet.rows[0].cell(Unit)), ("+84905437200", "=một cửa"));
}

#[test]
fn a_workbook_is_read_from_its_first_sheet_that_is_shown() {
    assert_eq!(people(&read(ListFormat::Xlsx, &list()).unwrap()), [(2, "Phạm Thị Lan", "905437200")]);
    let with_hidden = workbook(|workbook| {
        workbook.add_worksheet().set_hidden(true).write_string(0, 0, "x").unwrap();
        let shown = workbook.add_worksheet();
        shown.set_active(true);
        shown.write_string(3, 1, "Họ tên").unwrap().write_string(3, 2, "SĐT").unwrap();
        shown.write_string(5, 1, "An").unwrap();
    });
    let sheet = read(ListFormat::Xlsx, &with_hidden).unwrap();
    assert_eq!(people(&sheet), [(6, "An", "")]);
    assert_eq!(sheet.cell_name(Phone, 6).as_deref(), Some("C6"));
}

#[test]
fn a_formula_is_the_text_that_was_saved_with_it() {
    let bytes = workbook(|workbook| {
        let sheet = workbook.add_worksheet();
        sheet.write_string(0, 0, "Họ tên").unwrap().write_string(0, 1, "SĐT").unwrap();
        sheet.write_formula(1, 0, Formula::new("=WEBSERVICE(\"http://x\")").set_result("Lan")).unwrap();
        sheet.write_string(1, 1, "=cmd|' /C calc'!A0").unwrap();
    });
    assert_eq!(people(&read(ListFormat::Xlsx, &bytes).unwrap()), [(2, "Lan", "=cmd|' /C calc'!A0")]);
}

#[test]
fn one_cell_at_the_end_of_the_sheet_costs_one_cell() {
    let bytes = workbook(|workbook| {
        let sheet = workbook.add_worksheet();
        sheet.write_string(0, 0, "Họ tên").unwrap().write_string(0, 1, "SĐT").unwrap();
        sheet.write_string(1, 0, "An").unwrap();
        sheet.write_string(1_048_575, 16_383, "far").unwrap();
        sheet.write_string(1_048_575, 0, "Bình").unwrap();
    });
    assert_eq!(people(&read(ListFormat::Xlsx, &bytes).unwrap()), [(2, "An", ""), (1_048_576, "Bình", "")]);
}

#[test]
fn a_workbook_that_unpacks_to_more_than_any_list_is_refused() {
    let spaces = with_part(&list(), "xl/worksheets/sheet1.xml", |part| [part, &vec![b' '; 50 * 1024 * 1024]].concat());
    assert!(spaces.len() < 1024 * 1024);
    assert_eq!(codes(read(ListFormat::Xlsx, &spaces)), [CellCode::TooLarge]);
    let mut many = ZipWriter::new(Cursor::new(Vec::new()));
    for n in 0..1_000 {
        many.start_file(format!("{n}.xml"), SimpleFileOptions::default()).unwrap();
    }
    assert_eq!(codes(read(ListFormat::Xlsx, &many.finish().unwrap().into_inner())), [CellCode::TooLarge]);
}

#[test]
fn one_long_text_that_many_cells_share_is_not_copied_for_each() {
    let long = "Họ tên".to_owned() + &"x".repeat(30_000);
    let bytes = workbook(|workbook| {
        let sheet = workbook.add_worksheet();
        sheet.write_string(0, 0, "Họ tên").unwrap().write_string(0, 1, "SĐT").unwrap();
        for row in 1..3_000 {
            sheet.write_string(row, 0, &long).unwrap();
        }
    });
    assert_eq!(codes(read(ListFormat::Xlsx, &bytes)), [CellCode::TooLarge]);
}

#[test]
fn a_count_that_would_claim_all_memory_is_not_believed() {
    for count in ["99999999999", "+99999999999", "100000000000000000000000"] {
        let bytes = with_part(&list(), "xl/sharedStrings.xml", |part| {
            let part = String::from_utf8(part.to_vec()).unwrap();
            let at = part.find("uniqueCount=\"").unwrap() + 13;
            let end = at + part[at..].find('"').unwrap();
            format!("{}{count}{}", &part[..at], &part[end..]).into_bytes()
        });
        assert_eq!(codes(read(ListFormat::Xlsx, &bytes)), [CellCode::Unreadable], "{count}");
    }
}

#[test]
fn a_zip_that_is_no_workbook_is_no_list() {
    let mut other = ZipWriter::new(Cursor::new(Vec::new()));
    other.start_file("a.txt", SimpleFileOptions::default()).unwrap();
    let other = other.finish().unwrap().into_inner();
    assert_eq!(codes(read(ListFormat::Xlsx, &other)), [CellCode::Unreadable]);
    assert_eq!(codes(read(ListFormat::Xlsx, b"PK\x03\x04 and no more")), [CellCode::Unreadable]);
}

#[test]
fn a_name_and_a_content_must_agree() {
    assert_eq!(format_of("Danh sách.XLSX", &list()), Ok(ListFormat::Xlsx));
    assert_eq!(format_of("a.csv", b"x,y"), Ok(ListFormat::Csv));
    for (name, content) in [
        ("a.csv", list().as_slice()),
        ("a.xlsx", b"x,y"),
        ("a.xlsm", &list()),
        ("a.xls", b"\xd0\xcf\x11\xe0rest"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0rest"),
        ("a.csv", b"%PDF-1.7"),
        ("a.csv", b""),
        ("list", b"x,y"),
    ] {
        assert!(format_of(name, content).is_err(), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_damaged_workbook_is_refused_or_read_and_never_worse(at in 0_usize..6_000, byte in any::<u8>(), cut in 0_usize..6_000) {
        let mut bytes = list();
        let at = at % bytes.len();
        bytes[at] ^= byte;
        bytes.truncate(bytes.len() - cut % 200);
        let _ = read(ListFormat::Xlsx, &bytes);
    }

    #[test]
    fn no_text_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(ListFormat::Csv, &bytes);
    }
}
