CREATE OR REPLACE VIEW ${app_schema}.booking_report AS SELECT guest, count(*) AS bookings FROM ${app_schema}.bookings GROUP BY guest;
