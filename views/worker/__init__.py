"""Pages of those who scan: form, receipt, case, kiosk, assisted filling."""
