# With .NET, make a project from Adapter.cs: dotnet new console --output adapter
mcs -r:System.Net.Http.dll Adapter.cs
npx recoveryconnect-faults judge -- mono Adapter.exe
