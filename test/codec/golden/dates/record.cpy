01 DATES.
  05 D-1   PIC 9(8).
  05 D-2   PIC 9(6).
  05 D-3   PIC 9(7) COMP-3.
  05 D-4   PIC 9(7).
  05 D-5   PIC 9(5) COMP-3.
  05 D-6   PIC X(8).
  05 D-7   PIC X(8).
  05 T-1   PIC 9(6).
  05 T-2   PIC 9(4) COMP.
  05 S-1   PIC 9(14).
