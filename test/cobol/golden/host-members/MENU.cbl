       IDENTIFICATION DIVISION.
       PROGRAM-ID. MENU.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
       01  MENU-CHOICE              PIC X(2).
           COPY DFHAID.
           COPY DFHBMSCA.
       01  MQ-OBJECT.
           COPY CMQODV.
       LINKAGE SECTION.
       01  MENU-AREA.
           05  MENU-LINES           PIC X(40) OCCURS 5 TIMES.
       PROCEDURE DIVISION.
           COPY MENUCODE.
           GOBACK.
